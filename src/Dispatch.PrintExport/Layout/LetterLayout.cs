using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;

namespace Dispatch.PrintExport.Layout;

/// <summary>A letter with its constant parts laid out once. Immutable: any number of threads may use it.</summary>
public sealed class LetterLayout
{
    LetterLayout(LetterTemplate template)
    {
        Template = template;
    }

    public LetterTemplate Template { get; }

    /// <summary>
    /// Values of at most this many bytes, all printable ASCII or LF, surely pass <see cref="Check"/> on a digital letter.
    /// </summary>
    public int PlainValueBytesMax => throw new NotImplementedException();

    public static LetterLayout Create(LetterTemplate template, LetterSetting setting, FontSet fonts) =>
        throw new NotImplementedException();

    /// <summary>Measures the whole letter.</summary>
    public LetterCheck Check(LetterValues values) => throw new NotImplementedException();
}
