using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Retention;

/// <summary>
/// Purges what is final and old enough, class by class and job by job. Put on record and counted first, then destroyed,
/// then noted in the trail: a run that was killed is finished by the next one. What is left of a job is its ledger;
/// with the last of its sealed values goes its data key.
/// </summary>
sealed class PurgeRun(
    NpgsqlDataSource database, DataFolder data, RetentionSettings settings, TimeProvider time, string actor)
{
    const int LockClass = 0x70757267; // "purg"

    const string LockSql = "select pg_try_advisory_lock($1, 0)";

    const string UnlockSql = "select pg_advisory_unlock_all()";

    readonly PurgeTable _table = new(database, actor);
    readonly PurgeApproval _approval = new(database, actor);
    readonly JobValues _values = new(database);
    readonly JobNotices _notices = new(database);
    readonly JobFiles _files = new(database, data);
    readonly List<int> _busy = [];

    /// <param name="isDryRun">Only count what would go.</param>
    /// <exception cref="DispatchException"><c>purge.busy</c>, exit 75.</exception>
    public async Task<PurgeResult> RunAsync(bool isDryRun, StageProgress progress, CancellationToken ct)
    {
        await using var session = await database.OpenConnectionAsync(ct);
        await LockAsync(session, ct);
        var stage = progress.Begin("purge", unit: "jobs");
        try
        {
            var classes = new List<PurgedClass>();
            foreach (var purged in PurgeClass.All(settings))
            {
                var isAgreed = await _approval.IsAgreedAsync(purged, ct);
                var done = await RunAsync(purged, isDryRun || !isAgreed, stage, ct);
                classes.Add(isAgreed ? done : done with { IsAgreed = false });
            }

            var forgotten = isDryRun ? [] : await new SpentKeys(database, actor).DestroyAsync(ct);
            return new(isDryRun, classes, [.. _busy.Distinct()], forgotten);
        }
        finally
        {
            stage.Finish();
            await using var unlock = new NpgsqlCommand(UnlockSql, session);
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    async Task<PurgedClass> RunAsync(PurgeClass purged, bool isDryRun, Stage stage, CancellationToken ct)
    {
        if (purged.Name == PurgeClass.Receipts)
        {
            return await new ReceiptPurge(database, data, _table).RunAsync(purged, isDryRun, ct);
        }

        if (purged.Name == PurgeClass.OwnLetters)
        {
            return await new OwnLetterPurge(database, _table).RunAsync(purged, isDryRun, ct);
        }

        var (jobs, items) = (0, 0L);
        foreach (var job in await _table.FindDueAsync(purged, null, ct))
        {
            var gone = isDryRun ? await CountAsync(purged, job, ct) : await PurgeAloneAsync(purged, job, ct);
            jobs += gone > 0 ? 1 : 0;
            items += gone;
            stage.Add(1);
        }

        return new(purged.Name, purged.Days, jobs, items, await _table.CountWaitingAsync(purged, ct));
    }

    async Task<long> PurgeAloneAsync(PurgeClass purged, DueJob job, CancellationToken ct)
    {
        try
        {
            await using var sole = await JobLock.AcquireAsync(database, job.JobId, time, ct);
            // Looked at again: until now somebody else might have had the job, a reprint for instance.
            return await _table.FindDueAsync(purged, job.JobId, ct) is [var due] ? await PurgeAsync(
                purged, due, ct) : 0;
        }
        catch (DispatchException busy) when (busy.Exit == ExitCode.TryAgain)
        {
            _busy.Add(job.JobId);
            return 0;
        }
    }

    async Task<long> PurgeAsync(PurgeClass purged, DueJob job, CancellationToken ct)
    {
        if (job.PurgeNo is not { } purgeNo)
        {
            if (await CountAsync(purged, job, ct) is not (> 0 and var items))
            {
                return 0;
            }

            await using var connection = await database.OpenConnectionAsync(ct);
            purgeNo = await _table.BeginAsync(connection, purged, job.JobId, job.FinalAt, items, ct);
        }

        switch (purged.Name)
        {
            case PurgeClass.List:
                _files.RemoveList(job.ListFile);
                break;
            case PurgeClass.PrintFiles:
                await _files.RemovePrintFilesAsync(job.JobId, ct);
                break;
            case PurgeClass.Notices:
                await _notices.PurgeAsync(purgeNo, ct);
                break;
            default:
                await _values.PurgeAsync(purgeNo, job, ct);
                break;
        }

        return await _table.EndAsync(purgeNo, ct);
    }

    async Task<long> CountAsync(PurgeClass purged, DueJob job, CancellationToken ct) => purged.Name switch
    {
        PurgeClass.List => File.Exists(_files.ListPath(job.ListFile)) ? 1 : 0,
        PurgeClass.PrintFiles => (await _files.FindAsync(job.JobId, ct)).Count,
        PurgeClass.Notices => await _notices.CountAsync(job, ct),
        _ => await _values.CountAsync(purged, job, ct),
    };

    static async Task LockAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LockSql, session);
        command.Parameters.Add(new() { Value = LockClass, NpgsqlDbType = NpgsqlDbType.Integer });
        if (await command.ExecuteScalarAsync(ct) is not true)
        {
            throw new DispatchException(
                "purge.busy",
                "another process purges; expected to be alone at it; run the same command again when it is done",
                ExitCode.TryAgain);
        }
    }
}
