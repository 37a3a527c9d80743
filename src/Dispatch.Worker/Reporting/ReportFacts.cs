using Dispatch.Routing.Rules;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Reporting;

/// <summary>What the report tells, as read from the ledger in one snapshot.</summary>
sealed record ReportFacts
{
    const string JobSql = """
        select j.job_id, j.sender_cvr, j.sender_name, j.reference, j.title, j.state, j.rows, j.submitted_at,
               j.released_at, j.completed_at, j.release_date, j.not_before,
               coalesce((j.seconds ->> 'validate')::float8, 0), coalesce((j.seconds ->> 'route')::float8, 0),
               coalesce((j.seconds ->> 'compose')::float8, 0), coalesce((j.seconds ->> 'handoff')::float8, 0),
               coalesce((j.seconds ->> 'total')::float8, 0), j.segment, j.forgotten_at
        from dispatch.jobs j where j.job_id = $1
        """;

    // 64 rows make a word with one bit a row, so that five million rows are proved in one scan and a few megabytes.
    // Last line: the words of all effects laid over each other.
    const string EffectsSql = """
        with words as materialized (
            select effect, reason, (row_no - 1) >> 6 as word, count(*) as effects,
                   bit_or(1::bigint << ((row_no - 1) & 63)) as bits, min(row_no) as first_row, max(row_no) as last_row
            from (
                select 1 as effect, reason, row_no from mailbox.letters where segment = $2 and job_id = $1
                union all
                select 2, reason, row_no from dispatch.pieces where job_id = $1
                union all
                select 3, reason, row_no from dispatch.held where job_id = $1
                union all
                select 4, reason, row_no from dispatch.refused where job_id = $1
            ) e
            group by effect, reason, word
        )
        select effect, reason, sum(effects)::bigint, 0::bigint, 0, 0 from words group by effect, reason
        union all
        select 0, 0, coalesce(sum(effects), 0)::bigint, coalesce(sum(bit_count(bits::bit(64))), 0)::bigint,
               coalesce(min(first_row), 0), coalesce(max(last_row), 0)
        from (
            select sum(effects) as effects, bit_or(bits) as bits, min(first_row) as first_row, max(last_row) as last_row
            from words group by word
        ) w
        """;

    const string BatchesSql = """
        select name, class, attempt, state, pieces, pages, sheets, coalesce(encode(pdf_sha256, 'hex'), '')
        from dispatch.batches where job_id = $1
        order by class collate "C", number, attempt
        """;

    const string RuleSetsSql = """
        select distinct rule_set, register_version from dispatch.chunks
        where job_id = $1 and state = 'done' and rule_set is not null
        order by 1, 2
        """;

    public required int JobId { get; init; }
    public required string SenderCvr { get; init; }
    public required string SenderName { get; init; }
    public required string Reference { get; init; }
    public required string Title { get; init; }
    public required string State { get; init; }
    public required int Rows { get; init; }
    public required DateTime SubmittedAt { get; init; }
    public required DateTime? ReleasedAt { get; init; }
    public required DateTime? CompletedAt { get; init; }
    public required DateOnly? ReleaseDate { get; init; }
    public required DateTime? NotBefore { get; init; }
    public required DateTime? ForgottenAt { get; init; }
    public required StageSeconds Seconds { get; init; }
    public required IReadOnlyList<EffectCount> Reasons { get; init; }
    public required BalanceProof Proof { get; init; }
    public required IReadOnlyList<BatchFacts> Batches { get; init; }
    public required IReadOnlyList<RuleSetUse> RuleSets { get; init; }

    public long Count(Channel channel) =>
        Reasons.Where(reason => reason.Channel == channel).Sum(reason => reason.Count);

    /// <exception cref="Routing.DispatchException"><c>job.unknown</c>.</exception>
    public static async Task<ReportFacts> ReadAsync(LedgerSnapshot snapshot, int jobId, CancellationToken ct)
    {
        var (facts, segment) = await ReadJobAsync(snapshot, jobId, ct);
        var (reasons, proof) = await ReadEffectsAsync(snapshot, jobId, segment, ct);
        return facts with
        {
            Reasons = reasons,
            Proof = proof,
            Batches = await ReadBatchesAsync(snapshot, jobId, ct),
            RuleSets = await ReadRuleSetsAsync(snapshot, jobId, ct),
        };
    }

    static async Task<(ReportFacts Facts, int Segment)> ReadJobAsync(
        LedgerSnapshot snapshot, int jobId, CancellationToken ct)
    {
        await using var command = snapshot.Command(JobSql, Integer(jobId));
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            throw JobName.Unknown($"{jobId}");
        }

        var facts = new ReportFacts
        {
            JobId = row.GetInt32(0),
            SenderCvr = row.GetString(1),
            SenderName = row.GetString(2),
            Reference = row.GetString(3),
            Title = row.GetString(4),
            State = row.GetString(5),
            Rows = row.GetInt32(6),
            SubmittedAt = row.GetDateTime(7),
            ReleasedAt = await row.IsDBNullAsync(8, ct) ? null : row.GetDateTime(8),
            CompletedAt = await row.IsDBNullAsync(9, ct) ? null : row.GetDateTime(9),
            ReleaseDate = await row.IsDBNullAsync(10, ct) ? null : row.GetFieldValue<DateOnly>(10),
            NotBefore = await row.IsDBNullAsync(11, ct) ? null : row.GetDateTime(11),
            ForgottenAt = await row.IsDBNullAsync(18, ct) ? null : row.GetDateTime(18),
            Seconds = new(
                Rounded(row.GetDouble(12)), Rounded(row.GetDouble(13)), Rounded(row.GetDouble(14)),
                Rounded(row.GetDouble(15)), Rounded(row.GetDouble(16))),
            Reasons = [],
            Proof = default,
            Batches = [],
            RuleSets = [],
        };
        return (facts, row.GetInt32(17));
    }

    static async Task<(List<EffectCount> Reasons, BalanceProof Proof)> ReadEffectsAsync(
        LedgerSnapshot snapshot, int jobId, int segment, CancellationToken ct)
    {
        var reasons = new List<EffectCount>();
        var proof = default(BalanceProof);
        await using var command = snapshot.Command(EffectsSql, Integer(jobId), Integer(segment));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var effect = row.GetInt32(0);
            if (effect == 0)
            {
                proof = new(row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetInt32(5));
            }
            else
            {
                reasons.Add(new((Channel)effect, (Reason)row.GetInt32(1), row.GetInt64(2)));
            }
        }

        reasons.Sort((a, b) => a.Channel != b.Channel
            ? a.Channel.CompareTo(b.Channel)
            : a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Reason.CompareTo(b.Reason));
        return (reasons, proof);
    }

    static async Task<List<BatchFacts>> ReadBatchesAsync(LedgerSnapshot snapshot, int jobId, CancellationToken ct)
    {
        var batches = new List<BatchFacts>();
        await using var command = snapshot.Command(BatchesSql, Integer(jobId));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var reported = new ReportedBatch(
                row.GetString(0), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetString(7));
            batches.Add(new(reported, row.GetString(1), row.GetInt16(2), row.GetString(3)));
        }

        return batches;
    }

    static async Task<List<RuleSetUse>> ReadRuleSetsAsync(LedgerSnapshot snapshot, int jobId, CancellationToken ct)
    {
        var uses = new List<RuleSetUse>();
        await using var command = snapshot.Command(RuleSetsSql, Integer(jobId));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            uses.Add(new(row.GetString(0), await row.IsDBNullAsync(1, ct) ? null : row.GetInt64(1)));
        }

        return uses;
    }

    static double Rounded(double seconds) => Math.Round(seconds, 3);
}

sealed record BatchFacts(ReportedBatch Reported, string Class, int Attempt, string State);

/// <summary>Rows were decided under this rule set against this version of the register.</summary>
sealed record RuleSetUse(string RuleSet, long? RegisterVersion);
