namespace Dispatch.Worker.Register;

/// <summary>Gives the records of a file in another order than they lie in, each ended by a line feed.</summary>
sealed class OrderedRecords(FileStream file, long[] offsets, ushort[] lengths) : Stream
{
    const int BufferBytes = 256 * 1024;

    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    int _start;
    int _end;
    int _next;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            Fill();
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }

    void Fill()
    {
        (_start, _end) = (0, 0);
        while (_next < offsets.Length && _end + lengths[_next] < BufferBytes)
        {
            var record = _buffer.AsSpan(_end, lengths[_next]);
            for (var read = 0; read < record.Length;)
            {
                var count = RandomAccess.Read(file.SafeFileHandle, record[read..], offsets[_next] + read);
                read += count > 0 ? count : throw new EndOfStreamException();
            }

            _end += record.Length;
            _buffer[_end++] = (byte)'\n';
            _next++;
        }
    }
}
