using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Intake.Senders;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Intake;

/// <summary>
/// Takes a job in: one transaction with everything of it, idempotent by sender and reference. Whoever asks twice, after
/// a crash or at the same moment, gets the one job there is.
/// </summary>
static class JobAcceptance
{
    /// <summary>Jobs from this many rows on get a leaf of <c>mailbox.letters</c> of their own.</summary>
    public const int OwnSegmentRowsMin = 100_000;

    /// <summary>Submits a job folder. One that was accepted before is only hashed, not checked and sealed
    /// again.</summary>
    /// <param name="actor">Who submits, for the trail.</param>
    /// <exception cref="DispatchException"><c>job.reference_reused</c>, and what <see cref="JobFolder"/> and
    /// <see cref="SenderRule"/> find.</exception>
    public static async Task<Submission> SubmitAsync(
        NpgsqlDataSource database, string path, IntakeSetting setting, string actor, Stage? progress,
        CancellationToken cancel)
    {
        using var folder = JobFolder.Open(path, setting.Limits, followsLink: setting.OnlySender is null);
        return await SubmitAsync(database, folder, setting, actor, progress, cancel);
    }

    /// <summary>The same of a folder that is open.</summary>
    public static async Task<Submission> SubmitAsync(
        NpgsqlDataSource database, JobFolder folder, IntakeSetting setting, string actor, Stage? progress,
        CancellationToken cancel)
    {
        var order = folder.Order;
        SenderRule.DemandInbox(order.Sender, setting);
        ReservedReference.Refuse(order, setting);
        if (await AcceptedJob.FindAsync(database, order.Sender.Cvr, order.Reference, cancel) is { } known)
        {
            return Repeat(known, await folder.HashAsync(cancel));
        }

        // Before the list is looked at, and again when the job is accepted.
        await using (var connection = await database.OpenConnectionAsync(cancel))
        {
            await SenderRule.DemandAsync(connection, order.Sender, setting, cancel);
        }

        using var job = await folder.CheckAsync(setting, progress, cancel);
        return await AcceptAsync(database, job, setting, actor, cancel);
    }

    /// <summary>Takes a checked job in, or finds that it was.</summary>
    public static async Task<Submission> AcceptAsync(
        NpgsqlDataSource database, CheckedJob job, IntakeSetting setting, string actor, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await SenderRule.DemandAsync(connection, job.Order.Sender, setting, cancel);
        var keyId = await KeyTable.HoldCurrentAsync(connection, cancel);
        if (keyId != job.Key.KeyId)
        {
            // A rotation began since this process was started.
            await setting.Keys.RewrapAsync(job.Key, keyId, cancel);
        }

        if (setting.PrintOf is { } original)
        {
            await PrintedOriginal.DemandAsync(connection, original.JobId, job.Order.Reference, cancel);
        }

        var templateId = setting.PrintOf?.TemplateId ?? await TemplateRows.PutAsync(connection, job, cancel);
        if (await JobRows.PutAsync(connection, job, templateId, setting.PrintOf?.JobId, actor, cancel) is not { } jobId)
        {
            // Another submitter was first; its job is committed, or this insert would have waited.
            await transaction.RollbackAsync(cancel);
            var known = await AcceptedJob.FindAsync(database, job.Order.Sender.Cvr, job.Order.Reference, cancel);
            return Repeat(known!, job.ContentSha256);
        }

        await JobRows.PutChunksAsync(connection, jobId, job.Chunks, cancel);
        await PutEventAsync(connection, jobId, actor, cancel);

        // Before the commit, not after: killed in between, a list without a job is swept away; a job without its list
        // could never be sent.
        job.KeepList();
        await transaction.CommitAsync(cancel);
        return new((await AcceptedJob.FindAsync(database, jobId, cancel))!, IsRepeat: false);
    }

    static Submission Repeat(AcceptedJob known, byte[] content) => known.ContentSha256.AsSpan().SequenceEqual(content)
        ? new(known, IsRepeat: true)
        : throw new DispatchException(
            "job.reference_reused",
            $"job.json $.reference is that of job {known.JobId}, accepted with other bytes, expected a reference this "
            + "sender has not used; give the new job its own reference, or submit the very same files");

    static async Task PutEventAsync(NpgsqlConnection connection, int jobId, string actor, CancellationToken cancel)
    {
        const string Sql = "insert into dispatch.events (actor, action, job_id) values ($1, 'submit', $2)";
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
