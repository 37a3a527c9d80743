using System.Text;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>Sets merge values: bytes of the list to cells. A value is data: nothing in it is ever read as
/// markup.</summary>
sealed class ValueCells
{
    /// <summary>More characters than 100 pages hold in the smallest type: whoever has them is refused.</summary>
    const int GlyphsMax = 1_500_000;

    const int KeptGlyphs = 100_000;

    byte[] _display = new byte[256];

    public GrowingList<uint> Cells { get; } = new();

    public int MissingCodePoint { get; private set; }

    public void Clear() => Cells.Shrink(KeptGlyphs);

    /// <summary>Not empty and not <c>0</c>.</summary>
    public static bool IsTrue(FieldReference field, LetterValues letter)
    {
        // Constant built-in fields are never empty: job.json requires them.
        var value = field.IsConstant ? "1"u8 : Value(field, letter);
        return !value.IsEmpty && !value.SequenceEqual("0"u8);
    }

    public Reason AddField(FieldReference field, GlyphMap map, LetterValues letter)
    {
        var value = Value(field, letter);
        if (field.Format is FieldFormat.Text or FieldFormat.Number)
        {
            return Add(value, map);
        }

        var needed = FieldFormats.DisplayBytesMax(value.Length);
        if (_display.Length < needed)
        {
            _display = new byte[needed];
        }

        return Add(_display.AsSpan(0, FieldFormats.Write(field.Format, value, _display)), map);
    }

    /// <summary>Adds the cells of a value; bytes that are not UTF-8 are shown as U+FFFD, if a font has it.</summary>
    public Reason Add(ReadOnlySpan<byte> value, GlyphMap map)
    {
        if (value.Length > GlyphsMax * 4 || Cells.Count + value.Length / 4 > GlyphsMax)
        {
            return Reason.RenderTooManyPages;
        }

        var room = Cells.Room(value.Length);
        var count = 0;
        var basic = map.Basic;
        for (var at = 0; at < value.Length;)
        {
            uint cell;
            var codePoint = (int)value[at];
            if (codePoint < 0x80)
            {
                cell = basic[codePoint];
                at++;
            }
            else
            {
                Rune.DecodeFromUtf8(value[at..], out var rune, out var length);
                (cell, codePoint) = (map[rune], rune.Value);
                at += length;
            }

            if ((cell & GlyphCell.Combining) != 0)
            {
                return AddComposed(Encoding.UTF8.GetString(value).Normalize(NormalizationForm.FormC), map);
            }

            if (cell == 0)
            {
                MissingCodePoint = codePoint;
                return Reason.RenderGlyph;
            }

            room[count++] = cell;
        }

        Cells.Advance(count);
        return Cells.Count > GlyphsMax ? Reason.RenderTooManyPages : Reason.None;
    }

    static ReadOnlySpan<byte> Value(FieldReference field, LetterValues letter)
    {
        switch (field.Source)
        {
            case FieldSource.Column:
                return letter.Field(field.Column);
            case FieldSource.RecipientName:
                return letter.RecipientName;
            default:
                var lines = letter.AddressLines;
                var nameEnd = lines.IndexOf((byte)'\n');
                return nameEnd < 0 ? default : lines[(nameEnd + 1)..];
        }
    }

    /// <summary>Marks that are left after composing are set as they are, where a font has them.</summary>
    Reason AddComposed(string value, GlyphMap map)
    {
        foreach (var rune in value.EnumerateRunes())
        {
            var cell = map[rune] & ~GlyphCell.Combining;
            if (cell == 0)
            {
                MissingCodePoint = rune.Value;
                return Reason.RenderGlyph;
            }

            Cells.Add(cell);
        }

        return Cells.Count > GlyphsMax ? Reason.RenderTooManyPages : Reason.None;
    }
}
