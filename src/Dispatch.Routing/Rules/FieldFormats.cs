namespace Dispatch.Routing.Rules;

/// <summary>
/// What a merge value of a format may look like in the list, and how it is shown in the letter, under <c>da-DK</c>
/// (docs/file-formats.md). Works on UTF-8 bytes and allocates nothing: it runs once per field and row.
/// </summary>
public static class FieldFormats
{
    const int DateBytes = 10;

    static readonly string[] MonthNames =
    [
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december",
    ];

    /// <summary>The longest display, in bytes, of a value of <paramref name="valueBytes"/> bytes in any
    /// format.</summary>
    public static int DisplayBytesMax(int valueBytes) => valueBytes + valueBytes / 3 + 16;

    /// <summary>Says whether a value is of its format. An empty value is not judged here: it is valid.</summary>
    public static bool IsValid(FieldFormat format, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return true;
        }

        return format switch
        {
            FieldFormat.Number => IsNumber(utf8, int.MaxValue),
            FieldFormat.Money => IsNumber(utf8, 2),
            FieldFormat.Date or FieldFormat.DateLong => TryDate(utf8, out _),
            _ => true,
        };
    }

    /// <summary>Writes the value as the letter shows it.</summary>
    /// <param name="format">How to show it.</param>
    /// <param name="utf8">A value that <see cref="IsValid"/> accepts; empty gives nothing.</param>
    /// <param name="destination">At least <see cref="DisplayBytesMax"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="FormatException">The value is not of the format; the message does not hold it.</exception>
    public static int Write(FieldFormat format, ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        if (format is FieldFormat.Text or FieldFormat.Number || utf8.IsEmpty)
        {
            utf8.CopyTo(destination);
            return utf8.Length;
        }

        if (format == FieldFormat.Money)
        {
            return IsNumber(utf8, 2) ? WriteMoney(utf8, destination) : throw Mismatch(format);
        }

        if (!TryDate(utf8, out var date))
        {
            throw Mismatch(format);
        }

        return format == FieldFormat.Date ? WriteDate(date, destination) : WriteLongDate(date, destination);
    }

    /// <summary>Writes a date in the long form, for instance <c>9. marts 2026</c>; at most 19 bytes, all
    /// ASCII.</summary>
    public static int WriteLongDate(DateOnly date, Span<byte> destination)
    {
        var at = 0;
        if (date.Day >= 10)
        {
            destination[at++] = (byte)('0' + date.Day / 10);
        }

        destination[at++] = (byte)('0' + date.Day % 10);
        destination[at++] = (byte)'.';
        destination[at++] = (byte)' ';
        foreach (var letter in MonthNames[date.Month - 1])
        {
            destination[at++] = (byte)letter;
        }

        destination[at++] = (byte)' ';
        WriteDigits(date.Year, destination.Slice(at, 4));
        return at + 4;
    }

    // One pass, byte by byte: values are so short that every search in them costs more than it spares.
    static bool IsNumber(ReadOnlySpan<byte> utf8, int decimalsMax)
    {
        var (isGrouped, run, at) = (false, 0, utf8[0] == '-' ? 1 : 0);
        for (; at < utf8.Length && utf8[at] != ','; at++)
        {
            if (IsDigit(utf8[at]))
            {
                run++;
            }
            else if (utf8[at] == '.' && IsGroup(run, isGrouped))
            {
                (isGrouped, run) = (true, 0);
            }
            else
            {
                return false;
            }
        }

        return (isGrouped ? run == 3 : run > 0) && (at == utf8.Length || AreDecimals(utf8[(at + 1)..], decimalsMax));
    }

    static bool IsGroup(int digits, bool isBehindDot) => digits == 3 || (!isBehindDot && digits is 1 or 2);

    static bool AreDecimals(ReadOnlySpan<byte> utf8, int decimalsMax)
    {
        foreach (var digit in utf8)
        {
            if (!IsDigit(digit))
            {
                return false;
            }
        }

        return utf8.Length > 0 && utf8.Length <= decimalsMax;
    }

    static bool IsDigit(byte utf8) => (uint)(utf8 - '0') <= 9;

    static bool TryDate(ReadOnlySpan<byte> utf8, out DateOnly date)
    {
        date = default;
        if (utf8.Length != DateBytes)
        {
            return false;
        }

        var isIso = utf8[4] == '-';
        int year, month, day;
        if (isIso ? utf8[7] != '-' : utf8[2] != '-' || utf8[5] != '-')
        {
            return false;
        }

        var parsed = isIso
            ? TryDigits(utf8[..4], out year) & TryDigits(utf8.Slice(5, 2), out month) & TryDigits(utf8[8..], out day)
            : TryDigits(utf8[6..], out year) & TryDigits(utf8.Slice(3, 2), out month) & TryDigits(utf8[..2], out day);
        if (!parsed || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateOnly(year, month, day);
        return true;
    }

    static bool TryDigits(ReadOnlySpan<byte> utf8, out int number)
    {
        number = 0;
        foreach (var digit in utf8)
        {
            if (!IsDigit(digit))
            {
                return false;
            }

            number = number * 10 + digit - '0';
        }

        return true;
    }

    static int WriteMoney(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        var at = 0;
        var rest = utf8;
        if (rest[0] == '-')
        {
            destination[at++] = (byte)'-';
            rest = rest[1..];
        }

        var comma = rest.IndexOf((byte)',');
        var whole = comma < 0 ? rest : rest[..comma];
        at += WriteGroups(whole, destination[at..]);
        destination[at++] = (byte)',';
        for (var i = 1; i <= 2; i++)
        {
            destination[at++] = comma >= 0 && comma + i < rest.Length ? rest[comma + i] : (byte)'0';
        }

        return at;
    }

    static int WriteGroups(ReadOnlySpan<byte> whole, Span<byte> destination)
    {
        // Leading zeros are no part of an amount; one digit always stays.
        var digitsLeft = whole.Length - whole.Count((byte)'.');
        var at = 0;
        foreach (var digit in whole)
        {
            if (digit == '.')
            {
                continue;
            }

            digitsLeft--;
            if (at == 0 && digit == '0' && digitsLeft > 0)
            {
                continue;
            }

            destination[at++] = digit;
            if (digitsLeft > 0 && digitsLeft % 3 == 0)
            {
                destination[at++] = (byte)'.';
            }
        }

        return at;
    }

    static int WriteDate(DateOnly date, Span<byte> destination)
    {
        WriteDigits(date.Day, destination[..2]);
        destination[2] = (byte)'-';
        WriteDigits(date.Month, destination.Slice(3, 2));
        destination[5] = (byte)'-';
        WriteDigits(date.Year, destination.Slice(6, 4));
        return DateBytes;
    }

    static void WriteDigits(int number, Span<byte> destination)
    {
        for (var i = destination.Length - 1; i >= 0; i--)
        {
            destination[i] = (byte)('0' + number % 10);
            number /= 10;
        }
    }

    static FormatException Mismatch(FieldFormat format) => new($"a merge value is not of the format '{format}'");
}
