using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Submits what is dropped into the inbox or a sender's own, as <c>submit</c> would. Killed at any point it
/// leaves the folder where it was, and submitting it again finds the job; what it left in an accepted one is removed by the
/// next.</summary>
sealed class InboxWatch(CommandContext context, Engine engine, Duty duty, Action wake)
    : Watch(context, context.Settings.Worker.InboxPeriod)
{
    readonly Inboxes _inboxes = new(
        context.Folder.Inbox, engine.Intake.Limits, context.Settings.Worker.InboxPatience, context.Time);
    readonly LastingFaults _faults = new();

    protected override async Task RoundAsync(CancellationToken ct)
    {
        if (!duty.MayTake)
        {
            return;
        }

        foreach (var (inbox, name) in _inboxes.FindDue())
        {
            await using var taken = await SessionLock.TryTakeAsync(engine.Db, $"inbox {inbox.Sender}/{name}", ct);
            if (taken is not null && duty.MayTake && (inbox.Has(name) || inbox.IsLink(name)))
            {
                await TakeAsync(inbox, name, ct);
            }
        }

        RemoveAcceptedLists();
        _faults.EndRound();
    }

    void RemoveAcceptedLists()
    {
        foreach (var inbox in _inboxes.All.Where(inbox => !inbox.RemoveAcceptedLists()))
        {
            NoteFault($"{inbox.Sender ?? "inbox"}/accepted", "inbox.list_left");
        }
    }

    async Task TakeAsync(Inbox inbox, string name, CancellationToken ct)
    {
        var shown = inbox.Sender is { } cvr ? $"{cvr}/{ShownName.Of(name)}" : ShownName.Of(name);
        try
        {
            var submission = await SubmitAsync(inbox, name, ct);
            inbox.MoveAccepted(name);
            Log.Accepted(Logger, shown, submission.Job.JobId);
            wake();
        }
        catch (DispatchException refusal) when (refusal.Exit == ExitCode.Refused)
        {
            inbox.MoveRefused(name, Failure.From(refusal, null, Context).ToString());
            Log.Refused(Logger, shown, refusal.Code);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            // It stays where it is, and the others have their turn.
            NoteFault(shown, Failure.From(fault, null, Context).Code);
        }
    }

    Task<Submission> SubmitAsync(Inbox inbox, string name, CancellationToken ct)
    {
        if (inbox.IsLink(name))
        {
            throw new DispatchException(
                "file.not_regular",
                $"{ShownName.Of(name)} is a link, expected a folder; put the folder itself into the inbox");
        }

        if (!inbox.CanMove(name))
        {
            throw new DispatchException(
                "folder.not_writable",
                $"{ShownName.Of(name)} may not be moved by the user running dispatch, expected a folder its group may "
                + "write to; see docs/file-formats.md",
                ExitCode.TryAgain);
        }

        return engine.SubmitAsync(inbox.PathOf(name), ct, inbox.Sender, submitter: inbox.FindSubmitter(name));
    }

    void NoteFault(string shown, string code)
    {
        if (_faults.IsNews(shown, code))
        {
            Log.NotTaken(Logger, shown, code);
        }
    }
}
