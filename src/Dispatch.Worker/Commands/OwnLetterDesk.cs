using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
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
        (folder, original, token) => engine.SubmitAsync(folder, token, isOwn: true, printOf: original),
        (_, _) => Task.CompletedTask, ct);

    /// <summary>Submits what is due, and sees it through in this process. Letters that cannot go out now wait for the
    /// next time: what they tell of is done.</summary>
    /// <returns>How many jobs.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        try
        {
            return await SendAsync(
                token => OwnLetters.FindUnfinishedAsync(engine.Db, context.Settings.OwnSender.Cvr, token),
                (folder, original, token) =>
                    JobRun.RunAsync(context, engine, folder, token, isOwn: true, printOf: original),
                (jobId, token) => JobRun.RunAsync(context, engine, jobId, context.Time.GetTimestamp(), token), ct);
        }
        catch (DispatchException fault)
        {
            CommandContext.Warn(
                "own_letter.waits", $"a letter the change calls for waits ({fault.Code}); run register apply later");
            return 0;
        }
    }

    async Task<int> SendAsync(
        Func<CancellationToken, Task<IReadOnlyList<OwnJob>>> find,
        Func<string, AcceptedJob?, CancellationToken, Task> send, Func<int, CancellationToken, Task> goOn,
        CancellationToken ct)
    {
        // One process at a time: two would gather the same letters.
        await using var sole = await SessionLock.TryTakeAsync(engine.Db, "own letters", ct);
        if (sole is null || context.Settings.OwnSender.Cvr.Length == 0)
        {
            return 0;
        }

        OwnLetterFolder.Sweep(Folder);
        await OwnLetters.GatherAsync(engine.Db, ct);
        var jobs = await find(ct);
        DispatchException? first = null;
        foreach (var job in jobs)
        {
            try
            {
                await SendAsync(job, send, goOn, ct);
            }
            catch (DispatchException fault) when (!fault.IsTransient)
            {
                // One job that cannot go out must not keep the others from it.
                first ??= fault;
            }
        }

        return first is null ? jobs.Count : throw first;
    }

    async Task SendAsync(
        OwnJob job, Func<string, AcceptedJob?, CancellationToken, Task> send, Func<int, CancellationToken, Task> goOn,
        CancellationToken ct)
    {
        // Accepted before, perhaps with a text this version no longer has, by a process that was killed.
        if (await AcceptedJob.FindAsync(
            engine.Db, context.Settings.OwnSender.Cvr, job.Reference, ct) is { } accepted)
        {
            await goOn(accepted.JobId, ct);
        }
        else
        {
            await SubmitAsync(job, send, ct);
        }

        await OwnLetters.MarkSubmittedAsync(engine.Db, job, ct);
    }

    async Task SubmitAsync(OwnJob job, Func<string, AcceptedJob?, CancellationToken, Task> send, CancellationToken ct)
    {
        var sender = context.Settings.OwnSender;
        var original = job.PrintOf is { } id ? await AcceptedJob.FindAsync(engine.Db, id, ct) : null;
        using var folder = original is null
            ? OwnLetterFolder.Write(Folder, job, sender, await OwnLetters.LinesAsync(engine.Db, job, ct))
            : await PrintOutFolder.WriteAsync(engine, Folder, job, original, sender.Cvr, ct);
        if (folder is not null)
        {
            await send(folder.Path, original, ct);
        }
    }
}
