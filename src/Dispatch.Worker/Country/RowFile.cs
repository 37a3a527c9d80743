using System.Buffers.Text;

namespace Dispatch.Worker.Country;

/// <summary>
/// A list in the making: UTF-8, separator <c>;</c>, lines ended by LF. Values are written as they are, without quoting:
/// the generator's words hold no separator, quote or line break.
/// </summary>
sealed class RowFile : IDisposable
{
    const int BufferBytes = 1 << 20;
    const int RowBytesMax = 4_096;

    readonly FileStream _file;
    readonly byte[] _buffer = new byte[BufferBytes];
    readonly Action<int> _rowsWritten;
    readonly CancellationToken _cancellation;
    int _at;
    int _rows;

    /// <param name="rowsWritten">Told now and then how many more rows there are.</param>
    public RowFile(string path, ReadOnlySpan<byte> header, Action<int> rowsWritten, CancellationToken cancellation)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _rowsWritten = rowsWritten;
        _cancellation = cancellation;
        Text(header);
        Byte((byte)'\n');
    }

    public void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer.AsSpan(_at));
        _at += text.Length;
    }

    public void Byte(byte value) => _buffer[_at++] = value;

    public void Flag(bool value) => Byte(value ? (byte)'1' : (byte)'0');

    public void Separator() => Byte((byte)';');

    public void Number(int value)
    {
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_at), out var length);
        _at += length;
    }

    /// <summary>With zeros in front up to <paramref name="digits"/> digits.</summary>
    public void Number(uint value, int digits)
    {
        for (var i = digits - 1; i >= 0; i--)
        {
            _buffer[_at + i] = (byte)('0' + value % 10);
            value /= 10;
        }

        _at += digits;
    }

    public void Cpr(uint number) => Number(number, 10);

    /// <summary>ISO 8601.</summary>
    public void Date(DateOnly date)
    {
        Number((uint)date.Year, 4);
        Byte((byte)'-');
        Number((uint)date.Month, 2);
        Byte((byte)'-');
        Number((uint)date.Day, 2);
    }

    /// <summary>The Danish way: <c>-1.234,56</c>.</summary>
    /// <param name="oere">Hundredths of a krone.</param>
    public void Money(long oere)
    {
        if (oere < 0)
        {
            Byte((byte)'-');
            oere = -oere;
        }

        Span<byte> digits = stackalloc byte[32];
        var at = digits.Length;
        var written = 0;
        do
        {
            digits[--at] = (byte)('0' + oere % 10);
            oere /= 10;
            written++;
            if (written == 2)
            {
                digits[--at] = (byte)',';
            }
            else if (written > 2 && (written - 2) % 3 == 0 && oere > 0)
            {
                digits[--at] = (byte)'.';
            }
        }
        while (oere > 0 || written < 3);
        Text(digits[at..]);
    }

    public void EndRow()
    {
        Byte((byte)'\n');
        _rows++;
        if (_at > BufferBytes - RowBytesMax)
        {
            _cancellation.ThrowIfCancellationRequested();
            Flush();
        }
    }

    /// <summary>Everything to the file; a full disk shows here and not in <see cref="Dispose"/>.</summary>
    public void Flush()
    {
        _file.Write(_buffer, 0, _at);
        _at = 0;
        _rowsWritten(_rows);
        _rows = 0;
    }

    public void Dispose() => _file.Dispose();
}
