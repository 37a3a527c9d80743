using Dispatch.Routing;

namespace Dispatch.PrintExport.Receipts;

/// <summary>The lines of a receipt file as bytes, one after another, with bounded memory whatever the file
/// holds.</summary>
/// <param name="file">Read from where it stands to its end; stays open.</param>
sealed class ReceiptLines(Stream file)
{
    internal const int LineBytesMax = 512;

    readonly byte[] _buffer = new byte[64 * 1024];
    int _start;
    int _end;
    bool _isAtEnd;

    /// <summary>1-based number of the line read last.</summary>
    public int Number { get; private set; }

    /// <summary>Gives the next line without its end; it stays valid until the next call. LF and CRLF end a
    /// line.</summary>
    /// <exception cref="DispatchException"><c>receipt.line_too_long</c>, <c>receipt.encoding</c>.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        Number++;
        while (true)
        {
            var found = _buffer.AsSpan(_start, _end - _start);
            var length = found.IndexOf((byte)'\n');
            if (length >= 0 || _isAtEnd)
            {
                var isLast = length < 0;
                line = isLast ? found : found[..length];
                _start += isLast ? found.Length : length + 1;
                line = line.EndsWith("\r"u8) ? line[..^1] : line;
                Check(line);
                return !isLast || line.Length > 0;
            }

            if (found.Length > LineBytesMax + 1)
            {
                throw ReceiptFault.LineTooLong(Number, LineBytesMax);
            }

            Fill(found);
        }
    }

    /// <summary>A byte order mark before the first line is dropped.</summary>
    public void SkipByteOrderMark()
    {
        Fill([]);
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
        {
            _start = "\uFEFF"u8.Length;
        }
    }

    void Fill(ReadOnlySpan<byte> rest)
    {
        rest.CopyTo(_buffer);
        (_start, _end) = (0, rest.Length);
        var read = file.ReadAtLeast(_buffer.AsSpan(_end), LineBytesMax, throwOnEndOfStream: false);
        _end += read;
        _isAtEnd = read < LineBytesMax;
    }

    void Check(ReadOnlySpan<byte> line)
    {
        if (line.Length > LineBytesMax)
        {
            throw ReceiptFault.LineTooLong(Number, LineBytesMax);
        }

        if (line.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
        {
            throw ReceiptFault.Encoding(Number);
        }
    }
}
