using System.Buffers.Text;
using Dispatch.Routing.Register;

namespace Dispatch.Routing.Pipeline;

/// <summary>
/// Runs a few records ahead of the rows that are routed, and asks memory for what the register holds of their
/// recipients: a register of millions lies in no cache, and each row would wait for one place after the other. Decides
/// nothing: a record it takes for another one makes a row slower, no more. One thread at a time.
/// </summary>
public sealed class RecipientLookahead
{
    // Rows between one question and the next one that needs its answer. Memory answers in the time of one row.
    const int StepRows = 4;
    const int RowsAhead = 3 * StepRows;
    const int RowsKept = 4 * StepRows; // a power of two
    const int CprDigits = 10;
    const int DateDigits = 6;
    const int SerialCount = 10_000;

    readonly RegisterSnapshot _register;
    readonly byte _separator;
    readonly int _column;
    readonly bool _withNames;
    readonly uint[] _numbers = new uint[RowsKept];
    readonly int[] _found = new int[RowsKept];
    ReadOnlyMemory<byte> _rest;
    int _row;

    /// <param name="recipientColumn">0-based place in a record.</param>
    /// <param name="withNames">Names are going to be read, too.</param>
    public RecipientLookahead(RegisterSnapshot register, char separator, int recipientColumn, bool withNames)
    {
        _register = register;
        _separator = (byte)separator;
        _column = recipientColumn;
        _withNames = withNames;
    }

    /// <summary>Begins a text of records; it must stay as it is until the last row.</summary>
    public void Begin(ReadOnlyMemory<byte> text)
    {
        _rest = text;
        _row = 0;
        Array.Clear(_numbers);
        Array.Fill(_found, -1);
        for (var row = 0; row < RowsAhead; row++)
        {
            Next();
        }
    }

    /// <summary>To be called before each row.</summary>
    public void Next()
    {
        if (!MemoryFetch.IsSupported)
        {
            return;
        }

        var number = ReadNumber();
        _numbers[Place(_row)] = number;
        _register.FetchSerials(number);

        var near = Place(_row - StepRows);
        _found[near] = _register.FindPerson(_numbers[near]);
        if (_found[near] >= 0)
        {
            _register.FetchEntry(_found[near], _withNames);
        }

        var nearer = _found[Place(_row - 2 * StepRows)];
        if (_withNames && nearer >= 0)
        {
            _register.FetchName(nearer);
        }

        _row++;
    }

    static int Place(int row) => row & (RowsKept - 1);

    // The next record's number, or 0, which is nobody's. A line break in quotes is taken for the record's end.
    uint ReadNumber()
    {
        var text = _rest.Span;
        var end = text.IndexOf((byte)'\n');
        var record = end < 0 ? text : text[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        for (var column = 0; column < _column; column++)
        {
            record = record[(record.IndexOf(_separator) + 1)..];
        }

        record = record.TrimStart(" \""u8);
        if (!Utf8Parser.TryParse(record, out uint number, out var digits))
        {
            return 0;
        }

        if (digits == DateDigits && record.Length > DateDigits && record[DateDigits] == '-'
            && Utf8Parser.TryParse(record[(DateDigits + 1)..], out uint serial, out var serialDigits))
        {
            (number, digits) = (number * SerialCount + serial, digits + serialDigits);
        }

        return digits == CprDigits ? number : 0;
    }
}
