using System.Text;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// What laying out constant text needs: the fonts, and the built-in fields that are the same in every letter.
/// </summary>
sealed class LetterSurroundings(LetterSetting setting, FontSet fonts)
{
    /// <summary>The place of words that neither the letter nor its job says.</summary>
    public const string OwnWords = "words of every letter";

    public FontSet Fonts { get; } = fonts;

    public LetterSetting Setting { get; } = setting;

    public FlowPart PartOf(LetterRun run, TextStyle style) => run switch
    {
        LetterRun.Text text => new(Cells(text.Value, style | text.Style, text.Place), default, null),
        LetterRun.Field { Reference.IsConstant: true } field =>
            new(Cells(Constant(field.Reference), style | field.Style, PlaceOf(field.Reference)), default, null),
        LetterRun.Field field => new(null, field.Reference, Fonts.Map(style | field.Style)),
        _ => new([GlyphCell.LineEnd], default, null),
    };

    /// <summary>Sets text of the letter or the job.</summary>
    /// <param name="place">Where it stands in the job's files, for the message.</param>
    /// <exception cref="DispatchException"><c>template.unsupported</c>: no font has one of its characters.</exception>
    public uint[] Cells(string text, TextStyle style, string place = OwnWords)
    {
        var map = Fonts.Map(style);
        var cells = new List<uint>(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            var cell = map[rune] & ~GlyphCell.Combining;
            if (cell == 0)
            {
                throw new DispatchException(
                    "template.unsupported",
                    $"the character U+{rune.Value:X4} is in no configured font, is invisible or is written from right "
                        + $"to left, expected one that can be printed; take it out or add a fallback font ({place})");
            }

            cells.Add(cell);
        }

        return [.. cells];
    }

    /// <summary>Width of constant text on one line, in hundredths of a point.</summary>
    public int Width(ReadOnlySpan<uint> cells, int size) => (int)(((long)Fonts.Widths.Sum(cells) * size + 999) / 1000);

    /// <summary>The value of a built-in field that does not change from letter to letter.</summary>
    public string Constant(FieldReference field)
    {
        if (field.Source != FieldSource.LetterDate)
        {
            return field.Source == FieldSource.SenderName ? Setting.SenderName : Setting.Title;
        }

        return field.Format == FieldFormat.Date
            ? Setting.LetterDate.ToString("dd-MM-yyyy", System.Globalization.CultureInfo.InvariantCulture)
            : LongDate();
    }

    static string PlaceOf(FieldReference field) => field.Source switch
    {
        FieldSource.SenderName => "'job.json' $.sender.name",
        FieldSource.JobTitle => "'job.json' $.title",
        _ => OwnWords,
    };

    public string LongDate()
    {
        Span<byte> date = stackalloc byte[32];
        return Encoding.ASCII.GetString(date[..FieldFormats.WriteLongDate(Setting.LetterDate, date)]);
    }
}
