namespace Dispatch.PrintExport.Layout;

/// <summary>
/// A street line as Danish addresses are written: the house number without leading zeros, its letter a capital right
/// behind it, the floor with a full stop, the door in small letters (<c>Lærkevej 9C, 1. tv</c>). What is not of that
/// form stays as it stands, from the first part on that is not.
/// </summary>
static class DanishStreet
{
    /// <summary>Characters a line can gain: the space behind a comma, a full stop, the space before a door.</summary>
    public const int GainMax = 3;

    const int HouseDigitsMax = 3;
    const int FloorDigitsMax = 2;
    const int DoorDigitsMax = 4;

    /// <summary>Writes a line; no strings are made.</summary>
    /// <param name="written">Of the line's length and <see cref="GainMax"/>.</param>
    /// <returns>Characters written.</returns>
    public static int Write(ReadOnlySpan<char> line, Span<char> written)
    {
        line = line.Trim();
        var comma = line.IndexOf(',');
        var head = (comma < 0 ? line : line[..comma]).TrimEnd();
        var count = WriteHouse(head, written);
        if (count == 0)
        {
            line.CopyTo(written);
            return line.Length;
        }

        if (comma < 0)
        {
            return count;
        }

        var dwelling = WriteDwelling(line[(comma + 1)..].Trim(), written[count..]);
        if (dwelling == 0)
        {
            line[comma..].CopyTo(written[count..]);
            return count + line.Length - comma;
        }

        return count + dwelling;
    }

    // "Lærkevej 009 c": 0 when it does not end in a house number.
    static int WriteHouse(ReadOnlySpan<char> head, Span<char> written)
    {
        var letter = head.Length > 0 && char.IsAsciiLetter(head[^1]) ? char.ToUpperInvariant(head[^1]) : '\0';
        var house = letter == '\0' ? head : head[..^1].TrimEnd(' ');
        var street = house.TrimEnd("0123456789");
        var number = house[street.Length..].TrimStart('0');
        if (number.Length is 0 or > HouseDigitsMax || !street.EndsWith(' ') || street.IsWhiteSpace())
        {
            return 0;
        }

        street.CopyTo(written);
        number.CopyTo(written[street.Length..]);
        var count = street.Length + number.Length;
        if (letter != '\0')
        {
            written[count++] = letter;
        }

        return count;
    }

    // "01. TV": 0 when it is no floor, or more than floor and door.
    static int WriteDwelling(ReadOnlySpan<char> dwelling, Span<char> written)
    {
        var end = dwelling.IndexOfAny('.', ' ');
        var floor = end < 0 ? dwelling : dwelling[..end];
        var door = end < 0 ? [] : dwelling[end..].TrimStart('.').Trim().TrimEnd('.');
        ", ".CopyTo(written);
        var count = WritePart(floor, FloorDigitsMax, ["st", "kl"], written[2..]);
        if (count == 0)
        {
            return 0;
        }

        count += 2;
        written[count++] = '.';
        if (door.IsEmpty)
        {
            return count;
        }

        written[count++] = ' ';
        var doorLength = WritePart(door, DoorDigitsMax, ["th", "tv", "mf"], written[count..]);
        return doorLength == 0 ? 0 : count + doorLength;
    }

    static int WritePart(
        ReadOnlySpan<char> part, int digitsMax, ReadOnlySpan<string> words, Span<char> written)
    {
        foreach (var word in words)
        {
            if (part.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                word.CopyTo(written);
                return word.Length;
            }
        }

        var number = part.TrimStart('0');
        if (number.Length is 0 || number.Length > digitsMax || number.ContainsAnyExceptInRange('0', '9'))
        {
            return 0;
        }

        number.CopyTo(written);
        return number.Length;
    }
}
