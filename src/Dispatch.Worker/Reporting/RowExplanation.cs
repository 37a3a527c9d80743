using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// Why one row went where it went, from what was stored when it was decided. It names no number, no person and no
/// letter
/// text; the facts are those the rules read.
/// </summary>
/// <param name="Effect">Null until the row is decided.</param>
/// <param name="Meaning">The reason in words.</param>
/// <param name="Detail">A column and a character's code point, or what an operator wrote.</param>
/// <param name="DecidedAt">Of the transaction that delivered the row.</param>
/// <param name="AvailableAt">Digital: from when the receiver finds the letter.</param>
/// <param name="RecalledAt">Digital: from when the receiver does not find it any more.</param>
/// <param name="NewestEvent">The newest change of the register about the receiver that the decision saw; null = none
/// since they came into the register.</param>
/// <param name="ReleasedBy">The operator who released the row after it was held.</param>
sealed record RowExplanation(
    ReportedJob Job, int Row, string? Effect, string? Reason, string Meaning, string? Detail, ExplainedRule? Rule,
    ExplainedFacts? Facts, string? RuleSet, long? RegisterVersion, DateTime? RegisterImportedAt, DateOnly? ReleaseDate,
    ExplainedEvent? NewestEvent, DateTime? DecidedAt, DateTime? AvailableAt, DateTime? RecalledAt, string? ReleasedBy,
    IReadOnlyList<ExplainedPiece> Pieces)
{
    const string Sql = """
        select e.effect, e.reason, e.facts, e.detail, e.available_at, coalesce(r.rule_set, c.rule_set),
               coalesce(r.register_version, c.register_version), v.imported_at,
               coalesce(e.operator_at, r.at, c.done_at), r.released_by,
               (select m.recalled_at from mailbox.recalls m
                where m.job_id = $1 and $2 between m.first_row and m.last_row),
               n.event_no, n.kind, n.effective_at, n.recorded_at
        from dispatch.chunks c
        left join (
            select 1 as effect, row_no, person_id, reason, facts, null as detail, available_at,
                   null::timestamptz as operator_at
            from mailbox.letters where segment = $3 and job_id = $1 and row_no = $2
            union all
            select 2, row_no, person_id, reason, facts, null, null, null
            from dispatch.pieces where job_id = $1 and row_no = $2
            union all
            select 3, row_no, person_id, reason, facts, detail, null, null
            from dispatch.held where job_id = $1 and row_no = $2
            union all
            select 4, row_no, person_id, reason, facts, detail, null, case when reason = 425 then at end
            from dispatch.refused where job_id = $1 and row_no = $2
        ) e on true
        left join dispatch.releases r on r.job_id = $1 and r.row_no = $2
        left join register.versions v on v.version = coalesce(r.register_version, c.register_version)
        left join lateral (
            select t.event_no, t.kind, t.effective_at, t.recorded_at
            from register.events t
            where t.number = (
                    select cpr from register.people where person_id = e.person_id
                    union all select cvr from register.companies where person_id = e.person_id)
              and t.person_id = e.person_id and t.kind <> 'read_access'
              and t.version <= coalesce(r.register_version, c.register_version)
            order by t.version desc, t.effective_at desc, t.event_no desc limit 1) n on true
        where c.job_id = $1 and $2 between c.first_row and c.first_row + c.rows - 1
        """;

    const string PiecesSql = """
        select b.name, i.sequence, i.attempt,
               coalesce(i.state, case when b.state in ('planned', 'composed') then 'planned' else 'handed_off' end),
               b.handed_off_at
        from dispatch.batch_pieces i join dispatch.batches b on b.batch_id = i.batch_id
        where i.job_id = $1 and i.row_no = $2
        order by i.attempt
        """;

    /// <exception cref="DispatchException"><c>job.unknown</c>, <c>row.unknown</c>; exit 2.</exception>
    public static async Task<RowExplanation> FindAsync(NpgsqlDataSource db, int jobId, int rowNo, CancellationToken ct)
    {
        var job = await AcceptedJob.FindAsync(db, jobId, ct) ?? throw JobName.Unknown($"{jobId}");
        if (rowNo < 1 || rowNo > job.Rows)
        {
            throw new DispatchException(
                "row.unknown", $"no row {rowNo} in job {jobId}; expected 1 to {job.Rows}, the data rows of its list",
                ExitCode.Usage);
        }

        await using var snapshot = await LedgerSnapshot.OpenAsync(db, ct);
        var pieces = await ReadPiecesAsync(snapshot, jobId, rowNo, ct);
        await using var command = snapshot.Command(Sql, Integer(jobId), Integer(rowNo), Integer(job.Segment));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && !await row.IsDBNullAsync(0, ct)
            ? Decided(job, rowNo, row, pieces)
            : Undecided(job, rowNo);
    }

    public string ToJson() => ReportJson.Of(this);

    static RowExplanation Decided(
        AcceptedJob job, int rowNo, NpgsqlDataReader row, IReadOnlyList<ExplainedPiece> pieces)
    {
        var reason = (Reason)row.GetInt16(1);
        var facts = new EffectFacts(row.GetInt32(2));
        return new(
            ReportedOf(job),
            rowNo,
            ((Channel)row.GetInt32(0)).Effect(),
            EffectCount.CodeOf(reason),
            ReasonText.Of(reason),
            row[3] is string { Length: > 0 } detail ? detail : null,
            ExplainedRule.Of(reason, facts, job.Order),
            ExplainedFacts.Of(facts, job.Order.Sender.IsPrivate),
            row[5] as string,
            row[6] as long?,
            row[7] as DateTime?,
            job.ReleaseDate,
            row.IsDBNull(11)
                ? null
                : new(row.GetInt64(11), row.GetString(12), row.GetDateTime(13), row.GetDateTime(14)),
            row[8] as DateTime?,
            row[4] as DateTime?,
            row.GetInt32(0) == (int)Channel.Digital ? row[10] as DateTime? : null,
            row[9] as string,
            pieces);
    }

    static RowExplanation Undecided(AcceptedJob job, int rowNo) => new(
        ReportedOf(job), rowNo, null, null, $"not decided yet: the job is {job.State.Replace('_', ' ')}", null, null,
        null, null, null, null, job.ReleaseDate, null, null, null, null, null, []);

    static async Task<List<ExplainedPiece>> ReadPiecesAsync(
        LedgerSnapshot snapshot, int jobId, int rowNo, CancellationToken ct)
    {
        var pieces = new List<ExplainedPiece>();
        await using var command = snapshot.Command(PiecesSql, Integer(jobId), Integer(rowNo));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            pieces.Add(new(
                row.GetString(0), row.GetInt32(1), row.GetInt16(2), row.GetString(3), row[4] as DateTime?));
        }

        return pieces;
    }

    static ReportedJob ReportedOf(AcceptedJob job) =>
        new($"{job.JobId}", job.Order.Sender.Cvr, job.Order.Reference, job.State, job.ForgottenAt?.UtcDateTime);
}

/// <summary>Where a paper row lies.</summary>
/// <param name="Sequence">1-based place in the batch.</param>
sealed record ExplainedPiece(string Batch, int Sequence, int Attempt, string State, DateTime? HandedOffAt);

/// <summary>A change of the register.</summary>
/// <param name="Kind"><c>person</c>, <c>company</c> or <c>registration</c>.</param>
sealed record ExplainedEvent(long Number, string Kind, DateTime EffectiveAt, DateTime RecordedAt);

/// <summary>The rule that took the row.</summary>
sealed record ExplainedRule(int Number, string Condition)
{
    /// <summary>Null for a reason no rule of this program gives.</summary>
    public static ExplainedRule? Of(Reason reason, EffectFacts facts, JobOrder order)
    {
        if (!Enum.IsDefined(reason) || reason == Reason.None)
        {
            return null;
        }

        // A number that leads on to one nobody has is rule 5's, not rule 3's.
        if (reason == Reason.RegisterUnknown && facts.Hops > 0)
        {
            var follow = RoutingRules.People.Single(rule => rule.Outcomes.Contains(Reason.RegisterLoop));
            return new(follow.Number, follow.Condition);
        }

        var isOutsideExemption = !order.Sender.IsPrivate && RoutingPolicy.IsUncoveredType(order.MessageType);
        var rule = RoutingRules.RuleOf(reason, facts, isOutsideExemption);
        return new(rule.Number, rule.Condition);
    }
}
