using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// Proves the ledger: every invariant is a query written from its definition, sharing nothing with the code that made
/// the
/// rows, and must give none. All look at one snapshot and start from the cause (job, chunk, row), so that a loss shows
/// as
/// well as a repetition.
/// </summary>
static class LedgerAudit
{
    const string SegmentSql = "select segment from dispatch.jobs where job_id = $1";

    const string ForgottenSql = """
        select job_id from dispatch.jobs
        where forgotten_at is not null and ($1::int is null or job_id = $1)
        order by job_id
        """;

    static readonly IReadOnlyList<Invariant> Invariants =
    [
        .. JobInvariants.All,
        .. OutcomeInvariants.All,
        .. EffectInvariants.All,
        .. BatchInvariants.All,
        .. ReceiptInvariants.All,
        .. TrailInvariants.All,
        .. RetentionInvariants.All,
        .. OwnLetterInvariants.All,
    ];

    /// <param name="jobId">One job, or null for all.</param>
    /// <param name="outboxFolder">Holds one folder per print house.</param>
    /// <param name="receiptsFolder">Holds the receipt files that came.</param>
    /// <param name="reportsFolder">Holds the exported heads of the trail.</param>
    /// <exception cref="Routing.DispatchException"><c>job.unknown</c>.</exception>
    public static async Task<AuditResult> RunAsync(
        NpgsqlDataSource db, int? jobId, string outboxFolder, string receiptsFolder, string reportsFolder,
        TimeProvider time, CancellationToken ct)
    {
        // Before the snapshot: then whatever lies in the outbox was recorded before the snapshot was taken.
        var files = OutboxListing.Read(outboxFolder);
        var receipts = await ReceiptFolderAudit.ListAsync(db, receiptsFolder, ct);
        var exported = await TrailExport.ReadAsync(reportsFolder, ct);
        await using var snapshot = await LedgerSnapshot.OpenAsync(db, ct);
        var scope = new AuditScope(snapshot, jobId, await FindSegmentAsync(snapshot, jobId, ct));

        var results = new List<InvariantResult>();
        foreach (var invariant in Invariants)
        {
            var start = time.GetTimestamp();
            var found = await scope.ReadOffendersAsync(invariant.ViolationsSql, ct);
            var applies = invariant.AppliesSql is null || await scope.AskAsync(invariant.AppliesSql, ct);
            results.Add(
                InvariantResult.Of(invariant.Id, invariant.Promise, applies, found, time.GetElapsedTime(start)));
        }

        results.Add(await DeclaredAudit.RunAsync(scope, time, ct));
        results.Add(await BatchNameAudit.RunAsync(scope, time, ct));
        results.Add(await TrailAudit.RunAsync(scope, exported, time, ct));
        results.Add(await RightsAudit.RunAsync(scope, time, ct));
        results.Add(await ReceiptFolderAudit.RunAsync(scope, receipts, time, ct));
        results.AddRange(await OutboxAudit.RunAsync(scope, files, time, ct));
        return AuditResult.Of(results, await FindForgottenAsync(scope, ct));
    }

    static async Task<List<int>> FindForgottenAsync(AuditScope scope, CancellationToken ct)
    {
        var jobs = new List<int>();
        await using var command = scope.Command(ForgottenSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            jobs.Add(row.GetInt32(0));
        }

        return jobs;
    }

    static async Task<int?> FindSegmentAsync(LedgerSnapshot snapshot, int? jobId, CancellationToken ct)
    {
        if (jobId is not { } id)
        {
            return null;
        }

        await using var command = snapshot.Command(
            SegmentSql, new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Integer });
        return await command.ExecuteScalarAsync(ct) as int? ?? throw JobName.Unknown($"{id}");
    }
}
