using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Submits what is dropped into the inbox, as <c>submit</c> would. Killed at any point it leaves the folder
/// where it was, and submitting it again finds the job.</summary>
sealed class InboxWatch(CommandContext context, Engine engine, Duty duty, Action wake)
    : Watch(context, context.Settings.Worker.InboxPeriod)
{
    readonly Inbox _inbox = new(
        context.Folder.Inbox, engine.Intake.Limits, context.Settings.Worker.InboxPatience, context.Time);
    readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);

    protected override async Task RoundAsync(CancellationToken ct)
    {
        if (!duty.MayTake)
        {
            return;
        }

        foreach (var name in _inbox.FindDue())
        {
            await using var taken = await SessionLock.TryTakeAsync(engine.Db, $"inbox {name}", ct);
            if (taken is not null && duty.MayTake && (_inbox.Has(name) || _inbox.IsLink(name)))
            {
                await TakeAsync(name, ct);
            }
        }
    }

    async Task TakeAsync(string name, CancellationToken ct)
    {
        var shown = ShownName.Of(name);
        try
        {
            var submission = await SubmitAsync(name, ct);
            _inbox.MoveAccepted(name);
            Log.Accepted(Logger, shown, submission.Job.JobId);
            wake();
        }
        catch (DispatchException refusal) when (refusal.Exit == ExitCode.Refused)
        {
            _inbox.MoveRefused(name, Failure.From(refusal, null, Context).ToString());
            Log.Refused(Logger, shown, refusal.Code);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            // It stays where it is, and the others have their turn.
            NoteFault(name, shown, Failure.From(fault, null, Context).Code);
        }
    }

    Task<Submission> SubmitAsync(string name, CancellationToken ct) => _inbox.IsLink(name)
        ? throw new DispatchException(
            "file.not_regular",
            $"{ShownName.Of(name)} is a link, expected a folder; put the folder itself into the inbox")
        : engine.SubmitAsync(_inbox.PathOf(name), ct);

    void NoteFault(string name, string shown, string code)
    {
        if (_faults.GetValueOrDefault(name) != code)
        {
            _faults[name] = code;
            Log.NotTaken(Logger, shown, code);
        }
    }
}
