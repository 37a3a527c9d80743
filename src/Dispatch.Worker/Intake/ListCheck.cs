using System.Buffers;
using System.Threading.Channels;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Intake;

/// <summary>
/// The one pass over a list, in three tasks with a few blocks between them: one reads, hashes and proves the encoding,
/// one finds the records, cuts and seals, one writes. Memory is bounded by <see cref="IntakeLimits"/>, whatever the
/// file.
/// </summary>
static class ListCheck
{
    const int BlocksBetween = 8;

    /// <exception cref="DispatchException"><c>file.*</c>, <c>encoding.*</c>, <c>header.*</c>, <c>csv.quote</c>,
    /// <c>line.too_long</c> and what <paramref name="checkColumns"/> throws: the first fault in the file.</exception>
    public static async Task<CheckedList> RunAsync(
        PlainFile file, RecipientsOrder order, IntakeLimits limits, Action<IReadOnlyList<string>> checkColumns,
        SealedListFile spool, Stage? progress, CancellationToken cancel)
    {
        if (file.Length > limits.ListBytesMax)
        {
            throw file.TooLarge(limits.ListBytesMax);
        }

        var reader = new ListReader(file, ReadMark(file, order.Encoding), limits.BlockBytes);
        var cutter = new ListCutter(file.Name, order.Separator, limits, checkColumns, spool);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var blocks = Channel.CreateBounded<ListBlock>(
            new BoundedChannelOptions(BlocksBetween) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => reader.RunAsync(blocks.Writer, stop.Token), CancellationToken.None);
        try
        {
            await CutAsync(blocks.Reader, cutter, spool, progress, cancel);
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }

        CheckDeclared(order, file, reader.Sha256, cutter.Rows);
        return new(cutter.Columns!, cutter.Rows, reader.Sha256, file.Length);
    }

    static async Task CutAsync(
        ChannelReader<ListBlock> blocks, ListCutter cutter, SealedListFile spool, Stage? progress,
        CancellationToken cancel)
    {
        // Throws what completed the reader, once all blocks before the fault are cut.
        await foreach (var block in blocks.ReadAllAsync(cancel))
        {
            var rows = cutter.Rows;
            cutter.Add(block.Text);
            progress?.Add(cutter.Rows - rows);
            ArrayPool<byte>.Shared.Return(block.Buffer, clearArray: true);
            await spool.WriteAsync();
        }

        cutter.Finish();
    }

    static ListMark ReadMark(PlainFile file, ListEncoding declared)
    {
        var head = new byte[Math.Min(ListMark.HeadBytes, file.Length)];
        var read = head.Length == 0 ? 0 : RandomAccess.Read(file.Handle, head, 0);
        return ListMark.Read(head.AsSpan(0, read), file.Length, declared, file.Name);
    }

    static void CheckDeclared(RecipientsOrder order, PlainFile file, byte[] sha256, int rows)
    {
        var name = ShownName.Of(file.Name);
        if (order.Sha256 is { } declared && !sha256.AsSpan().SequenceEqual(Convert.FromHexString(declared)))
        {
            throw new DispatchException(
                "file.hash_mismatch",
                $"{name} has {file.Length} bytes with another SHA-256 than recipients.sha256 says, expected the very "
                + "file the sender made; send it again");
        }

        if (order.ExpectedRows is { } expected && expected != rows)
        {
            throw new DispatchException(
                "file.count_mismatch",
                $"{name} has {rows} rows, expected {expected} as recipients.expectedRows says; send the whole list or "
                + "correct job.json");
        }
    }
}
