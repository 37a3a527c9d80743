using System.Buffers.Binary;
using System.Threading.Channels;

namespace Dispatch.Worker.Register;

/// <summary>
/// Rows of a binary COPY, encoded by hand into a few large buffers that another task writes to the server. One thread
/// encodes: <see cref="BeginRow"/>, the fields in the order of the columns, then <see cref="EndRowAsync"/>.
/// </summary>
sealed class CopyRows
{
    const int BufferBytes = 1024 * 1024;
    const int BufferCount = 4;

    // No row is longer: a record of the file is at most 64 KiB, each of the columns adds four bytes, and a change has its
    // values twice.
    const int RowBytesMax = 4 * RegisterFile.RecordBytesMax;

    static readonly int EpochDayNumber = new DateOnly(2000, 1, 1).DayNumber;
    static readonly long EpochTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    readonly Channel<ArraySegment<byte>> _full = Channel.CreateBounded<ArraySegment<byte>>(
        new BoundedChannelOptions(BufferCount) { SingleReader = true, SingleWriter = true });

    readonly Channel<byte[]> _free = Channel.CreateBounded<byte[]>(BufferCount);
    byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    int _used;

    public CopyRows()
    {
        for (var i = 1; i < BufferCount; i++)
        {
            _free.Writer.TryWrite(GC.AllocateUninitializedArray<byte>(BufferBytes));
        }

        // Signature, flags, length of the header extension: PostgreSQL manual, COPY, "Binary Format".
        ReadOnlySpan<byte> header = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
        header.CopyTo(_buffer);
        _used = header.Length;
    }

    public long RowCount { get; private set; }

    public void BeginRow(short columns)
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_used), columns);
        _used += sizeof(short);
        RowCount++;
    }

    public void Null()
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_used), -1);
        _used += sizeof(int);
    }

    public void Bool(bool value) => Begin(1)[0] = value ? (byte)1 : (byte)0;

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Begin(sizeof(short)), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Begin(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Begin(sizeof(long)), value);

    /// <summary>0 is written as null.</summary>
    public void OptionalNumber(uint value)
    {
        if (value == 0)
        {
            Null();
        }
        else
        {
            Int64(value);
        }
    }

    public void OptionalDate(DateOnly? value)
    {
        if (value is { } date)
        {
            Int32(date.DayNumber - EpochDayNumber);
        }
        else
        {
            Null();
        }
    }

    public void Instant(DateTime utc) => Int64((utc.Ticks - EpochTicks) / TimeSpan.TicksPerMicrosecond);

    public void Text(ReadOnlySpan<byte> utf8) => utf8.CopyTo(Begin(utf8.Length));

    /// <summary>Empty is written as null.</summary>
    public void OptionalText(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            Null();
        }
        else
        {
            Text(utf8);
        }
    }

    public ValueTask EndRowAsync(CancellationToken ct) =>
        _used + RowBytesMax <= BufferBytes ? ValueTask.CompletedTask : FlushAsync(ct);

    /// <summary>No more rows.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_used), -1);
        _used += sizeof(short);
        await FlushAsync(ct);
        _full.Writer.Complete();
    }

    /// <summary>What was not handed over yet is forgotten; the COPY is to be given up.</summary>
    public void Drop() => _used = 0;

    /// <summary>Makes the writing task fail, so that the COPY is given up.</summary>
    public void Fail(Exception fault) => _full.Writer.TryComplete(fault);

    /// <summary>Writes the buffers as they come; the second task of the pair.</summary>
    public async Task WriteToAsync(Stream stream, CancellationToken ct)
    {
        await foreach (var buffer in _full.Reader.ReadAllAsync(ct))
        {
            await stream.WriteAsync(buffer, ct);
            _free.Writer.TryWrite(buffer.Array!);
        }
    }

    Span<byte> Begin(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_used), length);
        var field = _buffer.AsSpan(_used + sizeof(int), length);
        _used += sizeof(int) + length;
        return field;
    }

    async ValueTask FlushAsync(CancellationToken ct)
    {
        await _full.Writer.WriteAsync(new(_buffer, 0, _used), ct);
        _buffer = await _free.Reader.ReadAsync(ct);
        _used = 0;
    }
}
