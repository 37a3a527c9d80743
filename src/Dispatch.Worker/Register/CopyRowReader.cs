using System.Buffers.Binary;
using Dispatch.Routing;

namespace Dispatch.Worker.Register;

/// <summary>
/// Rows of a binary COPY out of the server, read in place: <see cref="FillAsync"/> fetches some rows, then
/// <see cref="TryRead"/> steps through them without waiting.
/// </summary>
sealed class CopyRowReader(Stream stream)
{
    const int HeaderBytes = 19;
    const int ColumnsMax = 16;

    readonly int[] _starts = new int[ColumnsMax];
    readonly int[] _lengths = new int[ColumnsMax];
    byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
    int _position;
    int _end;
    bool _isStarted;
    bool _isFinished;

    /// <returns>False when the last row has been read.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_isFinished)
        {
            return false;
        }

        MakeRoom();
        var wanted = _end + (_buffer.Length - _end) / 2;
        while (_end < wanted)
        {
            // One message of the server is one row: several are gathered before anything is parsed.
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
            if (count == 0)
            {
                break;
            }

            _end += count;
        }

        if (!_isStarted)
        {
            _isStarted = true;
            _position = HeaderBytes;
        }

        return _end >= _position + sizeof(short) ? true : throw Cut();
    }

    /// <returns>False when more must be fetched first.</returns>
    public bool TryRead()
    {
        var position = _position;
        if (_isFinished || _end - position < sizeof(short))
        {
            return false;
        }

        var columns = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(position));
        position += sizeof(short);
        if (columns < 0)
        {
            _isFinished = true;
            return false;
        }

        for (var i = 0; i < columns; i++)
        {
            if (_end - position < sizeof(int))
            {
                return false;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(position));
            position += sizeof(int);
            if (_end - position < length)
            {
                return false;
            }

            _starts[i] = position;
            _lengths[i] = length;
            position += Math.Max(0, length);
        }

        _position = position;
        return true;
    }

    public bool IsNull(int column) => _lengths[column] < 0;

    public int Int32(int column) => BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_starts[column]));

    public long Int64(int column) => BinaryPrimitives.ReadInt64BigEndian(_buffer.AsSpan(_starts[column]));

    /// <summary>0 when null.</summary>
    public uint OptionalNumber(int column) => IsNull(column) ? 0 : (uint)Int64(column);

    /// <summary>Empty when null; valid until the next fill.</summary>
    public ReadOnlySpan<byte> Text(int column) => _buffer.AsSpan(_starts[column], Math.Max(0, _lengths[column]));

    static DispatchException Cut() =>
        new("database.copy",
            "the database ended a COPY in the middle of a row; expected whole rows; run the command again",
            ExitCode.TryAgain);

    void MakeRoom()
    {
        var rest = _end - _position;
        if (rest > _buffer.Length / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _buffer.AsSpan(_position, rest).CopyTo(_buffer);
        _position = 0;
        _end = rest;
    }
}
