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

    static readonly IReadOnlyList<Invariant> Invariants =
    [
        .. JobInvariants.All,
        .. OutcomeInvariants.All,
        .. EffectInvariants.All,
        .. BatchInvariants.All,
        .. ReceiptInvariants.All,
        .. TrailInvariants.All,
    ];

    /// <param name="jobId">One job, or null for all.</param>
    /// <param name="outboxFolder">Holds one folder per print house.</param>
    /// <exception cref="Routing.DispatchException"><c>job.unknown</c>.</exception>
    public static async Task<AuditResult> RunAsync(
        NpgsqlDataSource db, int? jobId, string outboxFolder, TimeProvider time, CancellationToken ct)
    {
        // Before the snapshot: then whatever lies in the outbox was recorded before the snapshot was taken.
        var files = OutboxListing.Read(outboxFolder);
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
        results.AddRange(await OutboxAudit.RunAsync(scope, files, time, ct));
        return AuditResult.Of(results);
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
