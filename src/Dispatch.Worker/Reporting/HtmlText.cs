using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// HTML under construction. Every value put into an interpolated string is escaped; only another
/// <see cref="HtmlText"/> goes in as it is. Forgetting to escape is thereby not possible.
/// </summary>
sealed class HtmlText
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder _text = new();

    public static HtmlText Of(Markup markup) => new HtmlText().Add(markup);

    public HtmlText Add(Markup markup)
    {
        _text.Append(markup.Text);
        return this;
    }

    public HtmlText Add(HtmlText other)
    {
        _text.Append(other._text);
        return this;
    }

    /// <summary>Our own style sheet; nothing from outside.</summary>
    public HtmlText AddStyle(string css)
    {
        _text.Append(css);
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>The compiler turns <c>$"…"</c> into calls of these members.</summary>
    [InterpolatedStringHandler]
    public readonly struct Markup(int literalLength, int formattedCount)
    {
        internal StringBuilder Text { get; } = new(literalLength + formattedCount * 16);

        public void AppendLiteral(string markup) => Text.Append(markup);

        public void AppendFormatted(string value) => Text.Append(Encoder.Encode(value));

        public void AppendFormatted(HtmlText value) => Text.Append(value._text);
    }
}
