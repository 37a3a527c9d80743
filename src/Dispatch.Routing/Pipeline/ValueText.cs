using System.Text;

namespace Dispatch.Routing.Pipeline;

/// <summary>
/// Tells plain values from those that need a closer look, and finds characters that never get into a letter: controls
/// other than tab and line break, line and paragraph separators, invisible and direction-changing characters,
/// non-characters, more than 20 line breaks, more than 8 combining marks in a row.
/// </summary>
public static class ValueText
{
    public const int LineBreaksMax = 20;
    public const int CombiningRunMax = 8;
    const byte LatinLeadLast = 0xC5;

    /// <param name="value">Valid UTF-8.</param>
    /// <param name="forbidden">The first forbidden code point, for the detail of the refusal.</param>
    public static TextKind Classify(ReadOnlySpan<byte> value, out int forbidden)
    {
        forbidden = 0;
        var at = value.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        return at < 0 ? TextKind.Plain : ClassifyRest(value[at..], out forbidden);
    }

    /// <summary>Whether a value of the register may stand on one line of a letter or a window: a line break is
    /// forbidden there too.</summary>
    /// <param name="value">Valid UTF-8.</param>
    /// <param name="forbidden">The first forbidden code point, for the detail of the refusal.</param>
    public static bool IsLine(ReadOnlySpan<byte> value, out int forbidden)
    {
        if (Classify(value, out forbidden) == TextKind.Forbidden)
        {
            return false;
        }

        var lineBreak = value.IndexOfAny((byte)'\n', (byte)'\r');
        forbidden = lineBreak < 0 ? 0 : value[lineBreak];
        return lineBreak < 0;
    }

    /// <summary>Whether the character may never stand in a value.</summary>
    public static bool IsForbidden(Rune rune) => rune.Value switch
    {
        '\t' or '\n' or '\r' => false,
        < 0x20 or (>= 0x7F and <= 0x9F) => true,
        >= 0x200B and <= 0x200F => true,
        >= 0x2028 and <= 0x202E => true,
        >= 0x2060 and <= 0x206F => true,
        0xFEFF => true,
        >= 0xFDD0 and <= 0xFDEF => true,
        >= 0xFFF9 and <= 0xFFFB => true,
        >= 0xE0000 and <= 0xE0FFF => true,
        _ => (rune.Value & 0xFFFE) == 0xFFFE,
    };

    static TextKind ClassifyRest(ReadOnlySpan<byte> rest, out int forbidden)
    {
        forbidden = 0;
        var kind = TextKind.Plain;
        var lineBreaks = 0;
        var combiningRun = 0;
        while (rest.Length > 0)
        {
            // C2 A0 … C5 BF is U+00A0 … U+017F, the letters of Danish and its neighbours.
            if (rest[0] is >= (byte)' ' and <= (byte)'~')
            {
                combiningRun = 0;
                rest = rest[1..];
                continue;
            }

            if (rest[0] is > 0xC2 and <= LatinLeadLast || (rest[0] == 0xC2 && rest[1] >= 0xA0))
            {
                combiningRun = 0;
                rest = rest[2..];
                continue;
            }

            Rune.DecodeFromUtf8(rest, out var rune, out var length);
            lineBreaks += rune.Value == '\n' || (rune.Value == '\r' && !(rest.Length > 1 && rest[1] == '\n')) ? 1 : 0;
            combiningRun = IsCombining(rune) ? combiningRun + 1 : 0;
            if (IsForbidden(rune) || lineBreaks > LineBreaksMax || combiningRun > CombiningRunMax)
            {
                forbidden = rune.Value;
                return TextKind.Forbidden;
            }

            kind = TextKind.Unusual;
            rest = rest[length..];
        }

        return kind;
    }

    static bool IsCombining(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.EnclosingMark;
}
