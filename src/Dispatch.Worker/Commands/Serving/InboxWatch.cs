using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Submits what is dropped into the inbox or a sender's own, as <c>submit</c> would. Killed at any point it
/// leaves the folder where it was, and submitting it again finds the job; what it left in an accepted one is removed by
/// the next. Whatever somebody puts there fails alone: it is told once, without its name, and tried again.</summary>
sealed class InboxWatch(CommandContext context, Engine engine, Duty duty, Action wake)
    : Watch(context, context.Settings.Worker.InboxPeriod)
{
    readonly Inboxes _inboxes = new(
        context.Folder.Inbox, engine.Intake.Limits,
        new(context.Settings.Worker.InboxPatience, context.Settings.Worker.InboxSettle), context.Time);
    readonly LastingFaults _faults = new();

    protected override async Task RoundAsync(CancellationToken ct)
    {
        if (!duty.MayTake)
        {
            return;
        }

        var round = _inboxes.Look();
        foreach (var trouble in round.Troubles)
        {
            Note(trouble);
        }

        foreach (var (inbox, name) in round.Due)
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
        foreach (var inbox in _inboxes.All)
        {
            if (!inbox.RemoveAcceptedLists())
            {
                NoteFault($"{inbox.Place}, accepted", "inbox.list_left");
            }
        }
    }

    async Task TakeAsync(Inbox inbox, string name, CancellationToken ct)
    {
        var place = inbox.PlaceOf(name);
        try
        {
            var (job, refusal) = await SubmitAsync(inbox, name, ct);
            if (job is { } jobId)
            {
                wake();
                inbox.MoveAccepted(name);
                Log.Accepted(Logger, place, jobId);
            }
            else if (refusal is not null)
            {
                inbox.MoveRefused(name, refusal.ToString());
                Log.Refused(Logger, place, refusal.Code);
            }
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            // It stays where it is, and the others have their turn.
            NoteFault(place, InboxFault.CodeOf(fault, Context));
        }
    }

    /// <returns>Neither when it is not to be taken yet.</returns>
    async Task<(int? JobId, Failure? Refusal)> SubmitAsync(Inbox inbox, string name, CancellationToken ct)
    {
        try
        {
            Demand(inbox, name);
            return ((await engine.SubmitAsync(inbox, name, ct))?.Job.JobId, null);
        }
        catch (DispatchException refusal) when (refusal.Exit == ExitCode.Refused)
        {
            return (null, Failure.From(refusal, null, Context));
        }
    }

    static void Demand(Inbox inbox, string name)
    {
        if (inbox.IsLink(name))
        {
            throw new DispatchException(
                "file.not_regular", "it is a link, expected a folder; put the folder itself into the inbox");
        }

        if (!inbox.CanMove(name))
        {
            throw new DispatchException(
                "folder.not_writable",
                "it may not be moved by the user running dispatch, expected a folder its group may write to; see "
                + "docs/file-formats.md",
                ExitCode.TryAgain);
        }
    }

    void Note(InboxTrouble trouble)
    {
        if (trouble.Fault is { } fault)
        {
            NoteFault(trouble.Place, InboxFault.CodeOf(fault, Context));
        }
        else if (_faults.IsNews(trouble.Place, "inbox.strange"))
        {
            Log.Strange(Logger, trouble.Place, trouble.Strange);
        }
    }

    void NoteFault(string place, string code)
    {
        if (_faults.IsNews(place, code))
        {
            Log.NotTaken(Logger, place, code);
        }
    }
}
