using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Register.Enrolments;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary>Sends the letters the operator of Digital Post owes people, as jobs like all others.</summary>
sealed class OwnLetterDesk(CommandContext context, Engine engine)
{
    const int AttemptsMax = 3;
    const string Lock = "own letters";
    const string Held = "letters wait for another process that is at them; if that one is stopped, end it";

    /// <summary>Tells the operator of letters that wait for another process.</summary>
    public static async Task WarnIfHeldUpAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        if (await OwnLetters.AnyWaitAsync(database, ct) && await SessionLock.IsTakenAsync(database, Lock, ct))
        {
            CommandContext.Warn("own_letter.waits", Held);
        }
    }

    /// <summary>Submits what is due; workers send it.</summary>
    /// <returns>How many jobs.</returns>
    public Task<int> SubmitAsync(CancellationToken ct) =>
        SendAsync(OwnLetters.FindUnsubmittedAsync, _ => Task.CompletedTask, ct);

    /// <summary>Submits what is due, and sees it through in this process. Letters that cannot go out now wait for the
    /// next time: what they tell of is done.</summary>
    /// <returns>How many jobs.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        try
        {
            return await SendAsync(
                OwnLetters.FindUnfinishedAsync,
                jobId => JobRun.RunAsync(context, engine, jobId, context.Time.GetTimestamp(), ct), ct);
        }
        catch (DispatchException fault)
        {
            CommandContext.Warn(
                "own_letter.waits",
                fault.Code == "own_letter.held" ? $"{Held}, and run register apply"
                    : $"a letter the change calls for waits ({fault.Code}); run register apply later");
            return 0;
        }
    }

    async Task<int> SendAsync(
        Func<NpgsqlDataSource, CancellationToken, Task<IReadOnlyList<OwnJob>>> find, Func<int, Task> goOn,
        CancellationToken ct)
    {
        // One process at a time: two would gather the same letters.
        await using var sole = await SessionLock.TryTakeAsync(engine.Db, Lock, ct);
        if (context.Settings.OwnSender.Cvr.Length == 0)
        {
            return 0;
        }

        if (sole is null)
        {
            return await OwnLetters.AnyWaitAsync(engine.Db, ct)
                ? throw new DispatchException("own_letter.held", Held, ExitCode.Refused)
                : 0;
        }

        SweepUnsealed();
        await OwnLetters.GatherAsync(engine.Db, ct);
        var jobs = await find(engine.Db, ct);
        DispatchException? first = null;
        foreach (var job in jobs)
        {
            try
            {
                await SendAsync(job, goOn, ct);
            }
            catch (DispatchException fault) when (!fault.IsTransient)
            {
                // One job that cannot go out must not keep the others from it.
                first ??= fault;
            }
        }

        return first is null ? jobs.Count : throw first;
    }

    // Versions before this one laid letters there in the clear, and left them when they were killed.
    void SweepUnsealed()
    {
        var folder = Path.Combine(context.Folder.Spool, "own");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    async Task SendAsync(OwnJob job, Func<int, Task> goOn, CancellationToken ct)
    {
        var jobId = await FindAsync(job, ct) ?? await SubmitAsync(job, ct);
        await OwnLetters.MarkSubmittedAsync(engine.Db, job, jobId, ct);
        if (jobId is { } submitted)
        {
            await goOn(submitted);
        }
    }

    /// <returns>The job it became: accepted before, perhaps with a text this version no longer has, by a process that was
    /// killed. Null = none yet.</returns>
    async Task<int?> FindAsync(OwnJob job, CancellationToken ct)
    {
        var cvr = context.Settings.OwnSender.Cvr;
        if (await AcceptedJob.FindAsync(engine.Db, cvr, job.Reference, ct) is not { } accepted)
        {
            return null;
        }

        // Before these references were reserved, anybody could take one.
        return accepted.PrintOf == job.PrintOf && (job.PrintOf is not null || accepted.Order.MessageType == job.Kind)
            ? accepted.JobId
            : throw new DispatchException(
                "reference.reserved",
                $"job {accepted.JobId} has the reference of an own letter and is none; expected the reference to be free: "
                + "what that letter tells must be sent by hand");
    }

    /// <returns>Null when none of its letters can be sent.</returns>
    async Task<int?> SubmitAsync(OwnJob job, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SubmitOnceAsync(job, ct);
            }
            catch (DispatchException fault) when (fault.Code == "letter.recalled" && attempt < AttemptsMax)
            {
                // It is made anew, without them.
            }
        }
    }

    async Task<int?> SubmitOnceAsync(OwnJob job, CancellationToken ct)
    {
        var sender = context.Settings.OwnSender;
        var original = job.PrintOf is { } id ? await AcceptedJob.FindAsync(engine.Db, id, ct) : null;
        var files = original is null
            ? OwnLetterFiles.Of(job, sender, await OwnLetters.LinesAsync(engine.Db, job, ct))
            : await PrintOutFiles.MakeAsync(engine, job, original, sender.Cvr, ct);
        return files is null ? null : (await engine.SubmitOwnAsync(files, original, ct)).Job.JobId;
    }
}
