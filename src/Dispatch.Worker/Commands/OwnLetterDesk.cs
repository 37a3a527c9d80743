using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Register.Enrolments;

namespace Dispatch.Worker.Commands;

/// <summary>Sends the letters the operator of Digital Post owes people, as jobs like all others.</summary>
sealed class OwnLetterDesk(CommandContext context, Engine engine)
{
    string Folder => Path.Combine(context.Folder.Spool, "own");

    /// <summary>Submits what is due; workers send it.</summary>
    /// <returns>How many jobs.</returns>
    public Task<int> SubmitAsync(CancellationToken ct) => SendAsync(
        token => OwnLetters.FindUnsubmittedAsync(engine.Db, token),
        (folder, token) => engine.SubmitAsync(folder, token, isOwn: true), ct);

    /// <summary>Submits what is due, and sees it through in this process. Letters that cannot go out now wait for the
    /// next time: what they tell of is done.</summary>
    /// <returns>How many jobs.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        try
        {
            return await SendAsync(
                token => OwnLetters.FindUnfinishedAsync(engine.Db, context.Settings.OwnSender.Cvr, token),
                (folder, token) => JobRun.RunAsync(context, engine, folder, token, isOwn: true), ct);
        }
        catch (DispatchException fault)
        {
            CommandContext.Warn(
                "own_letter.waits", $"a letter the change calls for waits ({fault.Code}); run register apply later");
            return 0;
        }
    }

    async Task<int> SendAsync(
        Func<CancellationToken, Task<IReadOnlyList<OwnJob>>> find, Func<string, CancellationToken, Task> send,
        CancellationToken ct)
    {
        // One process at a time: two would gather the same letters.
        await using var sole = await SessionLock.TryTakeAsync(engine.Db, "own letters", ct);
        if (sole is null || context.Settings.OwnSender.Cvr.Length == 0)
        {
            return 0;
        }

        await OwnLetters.GatherAsync(engine.Db, ct);
        var jobs = await find(ct);
        foreach (var job in jobs)
        {
            var numbers = await OwnLetters.NumbersAsync(engine.Db, job, ct);
            using var folder = OwnLetterFolder.Write(Folder, job, context.Settings.OwnSender, numbers);
            await SendAsync(() => send(folder.Path, ct));
            await OwnLetters.MarkSubmittedAsync(engine.Db, job, ct);
        }

        return jobs.Count;
    }

    // Submitted before under another text or sender, by a process that was killed: it is a job already.
    static async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (DispatchException fault) when (fault.Code == "job.reference_reused")
        {
        }
    }
}
