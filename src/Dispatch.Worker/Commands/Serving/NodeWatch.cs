using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Scheduling;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>
/// Looks after what this worker needs to send safely — a database that keeps what it commits, folders it can write,
/// room on the disk — and closes its gate when something is missing: nothing more is taken, until it is healed. Ends
/// sessions of workers that froze and keep the others waiting.
/// </summary>
/// <param name="share">Null when an operator said how many shards this worker has at work.</param>
sealed class NodeWatch(
    CommandContext context, Engine engine, string node, NodeTable nodes, ProcessorShare? share, Duty duty)
    : Watch(context, TimeSpan.FromSeconds(2))
{
    /// <summary>A session that is waited for and does nothing for so many leases is not only slow.</summary>
    const int StallLeases = 4;

    readonly StalledWriters _stalled = new(engine.Db, context.Time, StallLeases * context.Settings.Worker.Lease);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _stalled.FinishAsync(duty.GivenUp);
    }

    protected override async Task RoundAsync(CancellationToken ct)
    {
        ServiceNotice.Alive();
        var gate = FolderGate();
        try
        {
            await ServerCheck.RunAsync(engine.Db, ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            gate = new(Failure.From(fault, null, Context).Code);
            SetGate(gate);
            if (gate.Code != "database.settings")
            {
                throw; // it takes no line of ours either
            }
        }

        SetGate(gate);
        await nodes.BeatAsync(node, gate, ct);
        await (share?.AdjustAsync(ct) ?? Task.CompletedTask);
        if (await _stalled.EndAsync(ct) is > 0 and var ended)
        {
            Log.WritersEnded(Logger, ended);
        }
    }

    // Looked at, not tried: a file of ours would be a strange one in somebody's outbox.
    Gate FolderGate()
    {
        var closed = new[] { Context.Folder.Spool, Context.Folder.Outbox, Context.Folder.Inbox }
            .Where(folder => !Libc.MayWrite(folder)).Select(Path.GetFileName).ToList();
        if (closed.Count > 0)
        {
            return new("folder.not_writable", string.Join(", ", closed));
        }

        if (!SpoolMark.IsOn(Context.Folder.Spool, engine.SpoolIdentity))
        {
            return new("spool.foreign");
        }

        var free = new DriveInfo(Context.Folder.Root).AvailableFreeSpace;
        return free >> 20 < Context.Settings.Worker.DiskFreeMiBMin ? new("disk.low") : Gate.Open;
    }

    void SetGate(Gate gate)
    {
        if (duty.Gate == gate)
        {
            return;
        }

        if (gate.IsClosed)
        {
            Log.GateClosed(Logger, gate);
        }
        else
        {
            Log.GateOpened(Logger, duty.Gate);
        }

        duty.Gate = gate;
    }
}
