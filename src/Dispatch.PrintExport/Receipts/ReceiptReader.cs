using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Receipts;

/// <summary>
/// Reads a receipt file: <c>batch;piece_id;status;pages;sheets;at</c>, one line a receipt, and a last line
/// <c>#end;COUNT</c>. The file comes from outside: every value is checked for its form, memory does not grow with the
/// file, and whoever uses the lines must wait for the end line, for only with it the file is whole.
/// </summary>
/// <param name="file">Read from where it stands to its end; stays open.</param>
public sealed class ReceiptReader(Stream file)
{
    const int BatchNameCharsMax = 200;
    const int PieceIdChars = 20;
    const int CountDigitsMax = 7;

    static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);
    static readonly SearchValues<byte> HexBytes = SearchValues.Create("abcdef0123456789"u8);

    // With an offset always: a time without one could be an hour off twice a year.
    static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    readonly ReceiptLines _lines = new(file);
    string _batch = "";
    bool _isEnded;

    /// <summary>Receipts read so far.</summary>
    public int Count { get; private set; }

    /// <summary>Gives the next line; false after the end line, when nothing stood behind it.</summary>
    /// <exception cref="DispatchException">A code of <see cref="ReceiptFault"/>, exit 65.</exception>
    public bool TryRead(out ReceiptLine line)
    {
        line = default;
        if (_isEnded)
        {
            return false;
        }

        if (_lines.Number == 0)
        {
            ReadHeader();
        }

        if (!_lines.TryRead(out var text))
        {
            throw ReceiptFault.EndMissing(_lines.Number);
        }

        if (text.StartsWith(Encoding.ASCII.GetBytes(ReceiptColumn.End)))
        {
            ReadEnd(text[ReceiptColumn.End.Length..]);
            return false;
        }

        line = Parse(text);
        Count++;
        return true;
    }

    void ReadHeader()
    {
        _lines.SkipByteOrderMark();
        if (!_lines.TryRead(out var header))
        {
            throw ReceiptFault.EndMissing(1);
        }

        if (!header.SequenceEqual(Encoding.ASCII.GetBytes(ReceiptColumn.Header)))
        {
            throw ReceiptFault.Header();
        }
    }

    void ReadEnd(ReadOnlySpan<byte> count)
    {
        if (!Utf8Parser.TryParse(count, out int lines, out var used) || used != count.Length || lines != Count
            || !char.IsAsciiDigit((char)count[0]))
        {
            throw ReceiptFault.EndCount(_lines.Number);
        }

        if (_lines.TryRead(out _))
        {
            throw ReceiptFault.AfterEnd(_lines.Number);
        }

        _isEnded = true;
    }

    ReceiptLine Parse(ReadOnlySpan<byte> text)
    {
        Span<Range> fields = stackalloc Range[ReceiptColumn.Count + 1];
        var rest = text;
        var count = 0;
        for (var at = 0; count <= ReceiptColumn.Count && at <= text.Length; count++)
        {
            rest = text[at..];
            var length = rest.IndexOf((byte)';');
            length = length < 0 ? rest.Length : length;
            fields[count] = at..(at + length);
            at += length + 1;
        }

        if (count != ReceiptColumn.Count)
        {
            throw ReceiptFault.Fields(_lines.Number);
        }

        var batch = ReadBatch(text[fields[0]]);
        var pieceId = ReadPieceId(text[fields[1]]);
        var status = ReadStatus(text[fields[2]], pieceId is not null);
        var isCounted = status is ReceiptStatus.Accepted or ReceiptStatus.Printed;
        return new(
            _lines.Number, batch, pieceId, status, ReadCount(text, fields, 3, isCounted),
            ReadCount(text, fields, 4, isCounted), ReadTime(text[fields[5]]));
    }

    string ReadBatch(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > BatchNameCharsMax || text.ContainsAnyExcept(NameBytes))
        {
            throw ReceiptFault.Value("receipt.value", _lines.Number, 0, "the name of a batch");
        }

        // Lines of one batch mostly stand together.
        if (!Ascii.Equals(text, _batch))
        {
            _batch = Encoding.ASCII.GetString(text);
        }

        return _batch;
    }

    string? ReadPieceId(ReadOnlySpan<byte> text) => text.Length == 0 ? null
        : text.Length == PieceIdChars && !text.ContainsAnyExcept(HexBytes) ? Encoding.ASCII.GetString(text)
        : throw ReceiptFault.Value("receipt.value", _lines.Number, 1, "a piece id of the manifest, or nothing");

    ReceiptStatus ReadStatus(ReadOnlySpan<byte> text, bool isOfPiece)
    {
        ReceiptStatus? status = text switch
        {
            _ when text.SequenceEqual("rejected"u8) => ReceiptStatus.Rejected,
            _ when !isOfPiece => text.SequenceEqual("accepted"u8) ? ReceiptStatus.Accepted : null,
            _ when text.SequenceEqual("printed"u8) => ReceiptStatus.Printed,
            _ when text.SequenceEqual("posted"u8) => ReceiptStatus.Posted,
            _ when text.SequenceEqual("spoiled"u8) => ReceiptStatus.Spoiled,
            _ when text.SequenceEqual("returned"u8) => ReceiptStatus.Returned,
            _ => null,
        };
        return status ?? throw ReceiptFault.Value(
            "receipt.status", _lines.Number, 2,
            "accepted or rejected for a batch; printed, posted, spoiled, returned or rejected for a piece");
    }

    int? ReadCount(ReadOnlySpan<byte> line, ReadOnlySpan<Range> fields, int column, bool isNeeded)
    {
        var text = line[fields[column]];
        if (text.Length == 0 && !isNeeded)
        {
            return null;
        }

        return text.Length is > 0 and <= CountDigitsMax && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(text, out int count, out _)
            ? count
            : throw ReceiptFault.Value(
                "receipt.value", _lines.Number, column, "digits (or nothing, unless accepted or printed)");
    }

    DateTimeOffset ReadTime(ReadOnlySpan<byte> text) =>
        DateTimeOffset.TryParseExact(
            Encoding.ASCII.GetString(text), TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var at)
            ? at.ToUniversalTime()
            : throw ReceiptFault.Value(
                "receipt.value", _lines.Number, 5, "a time with its offset, such as 2026-03-10T08:15:00+01:00");
}
