using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Dispatch.Routing;

namespace Dispatch.Worker.Intake;

/// <summary>
/// The first part of the one pass over a list: reads the file front to back, hashes its bytes as they are, and hands on
/// proved UTF-8. The byte order mark is dropped, and so is an 0x1A at the very end (the end-of-file mark of DOS).
/// </summary>
sealed class ListReader
{
    const byte DosEnd = 0x1A;

    readonly PlainFile _file;
    readonly ListMark _mark;
    readonly int _blockBytes;
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    LineCount _lines;
    bool _heldBack;

    public ListReader(PlainFile file, ListMark mark, int blockBytes)
    {
        (_file, _mark, _blockBytes) = (file, mark, blockBytes);
    }

    /// <summary>SHA-256 of the file; whole once the output is complete.</summary>
    public byte[] Sha256 { get; private set; } = [];

    /// <summary>Hands the list on. A fault of the file completes the output, so that a fault further ahead in the file,
    /// which the next part finds, is the one that is told.</summary>
    public async Task RunAsync(ChannelWriter<ListBlock> output, CancellationToken cancel)
    {
        Exception? fault = null;
        try
        {
            await ReadAsync(output, cancel);
        }
        catch (Exception caught)
        {
            fault = caught;
        }
        finally
        {
            _hash.Dispose();
            output.Complete(fault);
        }
    }

    async Task ReadAsync(ChannelWriter<ListBlock> output, CancellationToken cancel)
    {
        var raw = new byte[_blockBytes];
        var (position, kept, isFinal) = (0L, 0, false);
        while (!isFinal)
        {
            cancel.ThrowIfCancellationRequested();
            var read = Fill(raw.AsSpan(kept), position);
            isFinal = kept + read < raw.Length;
            _hash.AppendData(raw, kept, read);
            var skipped = position == 0 ? _mark.Bytes : 0;
            position += read;
            if (position > _file.Length || (isFinal && position < _file.Length))
            {
                throw _file.Unstable();
            }

            var (block, used) = Decode(raw.AsSpan(skipped, kept + read - skipped), isFinal);
            await output.WriteAsync(block, cancel);
            used += skipped;
            kept = kept + read - used;
            raw.AsSpan(used, kept).CopyTo(raw);
        }

        Sha256 = _hash.GetHashAndReset();
        raw.AsSpan().Clear();
        if (_file.HasChanged())
        {
            throw _file.Unstable();
        }
    }

    int Fill(Span<byte> free, long position)
    {
        var filled = 0;
        while (filled < free.Length)
        {
            var read = RandomAccess.Read(_file.Handle, free[filled..], position + filled);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }

    (ListBlock Block, int Used) Decode(ReadOnlySpan<byte> raw, bool isFinal)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length * _mark.Decoder.Growth + 1);
        var lead = _heldBack ? 1 : 0;
        buffer[0] = DosEnd;
        var isValid = _mark.Decoder.TryDecode(raw, isFinal, buffer.AsSpan(lead), out var used, out var written);
        if (lead == 1 && written == 0)
        {
            // Nothing came behind it yet.
            (lead, written) = (0, 0);
        }
        else
        {
            _heldBack = isValid && written > 0 && buffer[lead + written - 1] == DosEnd;
        }

        var length = lead + written - (_heldBack && written > 0 ? 1 : 0);
        if (!isValid)
        {
            throw Invalid(buffer.AsSpan(0, length));
        }

        _lines.Add(buffer.AsSpan(0, length));
        return (new(buffer, length), used);
    }

    DispatchException Invalid(ReadOnlySpan<byte> before)
    {
        var line = _lines.LineAfter(before);
        return new(
            "encoding.invalid",
            $"{ShownName.Of(_file.Name)} line {line} holds bytes that are no {ListMark.Name(_mark.Encoding)} "
            + "character, expected the "
            + "encoding recipients.encoding says; save it in that encoding or correct job.json");
    }
}
