using System.Runtime.CompilerServices;
using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// The rows that wait for an operator, and the two ways out. Each act is one transaction with its events and may be
/// repeated: what was done is told and not done again.
/// </summary>
sealed class HeldRows(NpgsqlDataSource db)
{
    const string SelectSql = """
        select h.row_no, h.person_id, h.reference, h.reason, h.detail, h.facts, h.since,
               (select count(*) from dispatch.release_votes v where v.job_id = h.job_id and v.row_no = h.row_no)::int
        from dispatch.held h
        """;

    const string ListSql = SelectSql + " where h.job_id = $1 order by h.row_no";

    const string TakeSql = SelectSql + " where h.job_id = $1 and h.row_no = any($2) order by h.row_no for update of h";

    const string ReleasedSql = "select row_no from dispatch.releases where job_id = $1 and row_no = any($2)";

    const string RefuseSql = """
        with gone as (
            delete from dispatch.held where job_id = $1 and row_no = any($2)
            returning job_id, row_no, person_id, reference, facts
        )
        insert into dispatch.refused (job_id, row_no, person_id, reference, reason, detail, facts)
        select job_id, row_no, person_id, reference, 425, $4, facts from gone
        """;

    const string VoteSql = """
        insert into dispatch.release_votes (job_id, row_no, operator)
        select $1, row_no, $3 from unnest($2) row_no
        on conflict do nothing
        returning row_no
        """;

    const string AgreedSql = """
        select row_no from dispatch.release_votes where job_id = $1 and row_no = any($2)
        group by row_no having count(*) >= 2
        """;

    const string RemoveSql = "delete from dispatch.held where job_id = $1 and row_no = any($2)";

    // A row that is held again needs two operators again.
    const string ForgetVotesSql = "delete from dispatch.release_votes where job_id = $1 and row_no = any($2)";

    /// <summary>The held rows of a job, in list order.</summary>
    public async IAsyncEnumerable<HeldRow> ListAsync(int jobId, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = db.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            yield return Read(row);
        }
    }

    /// <summary>Refuses held rows for good, with reason <c>operator.refused</c>.</summary>
    /// <exception cref="DispatchException"><c>job.unknown</c>, <c>job.cancelled</c>, <c>held.not_held</c>,
    /// <c>reason.invalid</c>, <c>reason.personal</c>; exit 2, and nothing was done.</exception>
    public async Task<IReadOnlyList<HeldOutcome>> RefuseAsync(
        int jobId, IReadOnlyCollection<int> rowNos, string actor, string reason, CancellationToken ct)
    {
        var detail = OperatorReason.Check(reason);
        await using var act = await OperatorAct.BeginAsync(db, jobId, actor, ct);
        var rows = await TakeAsync(act, rowNos, ct);
        var others = await UnchangedAsync(act, rowNos, rows, wasReleased: false, ct);

        await act.ExecuteAsync(RefuseSql, RowNos(rows), ct, SqlValue.Text(detail));
        await act.NoteAsync("held_refuse", rows.ConvertAll(row => (row.Row, detail)), ct);
        await act.CommitAsync(ct);
        return InOrder(rows.Select(row => new HeldOutcome(row.Row, HeldStep.Refused, "refused")).Concat(others));
    }

    /// <summary>Decides held rows again; those held as <c>address.unsafe</c> when a second operator asks.</summary>
    /// <exception cref="DispatchException"><c>job.unknown</c>, <c>job.cancelled</c>, <c>held.not_held</c>; exit 2, and
    /// nothing was done.</exception>
    public async Task<IReadOnlyList<HeldOutcome>> ReleaseAsync(
        int jobId, IReadOnlyCollection<int> rowNos, string actor, DecideAgain decide, CancellationToken ct)
    {
        await using var act = await OperatorAct.BeginAsync(db, jobId, actor, ct);
        var rows = await TakeAsync(act, rowNos, ct);
        var outcomes = await UnchangedAsync(act, rowNos, rows, wasReleased: true, ct);

        var (ready, voted) = await VoteAsync(act, rows, ct);
        outcomes.AddRange(rows.Except(ready)
            .Select(row => new HeldOutcome(row.Row, HeldStep.AwaitsSecondOperator, "held")));
        var decided = ready.Count > 0 ? await DecideAsync(act, ready, decide, ct) : [];
        outcomes.AddRange(decided);

        // Last: whoever else has an event to write waits from here to the commit.
        await act.NoteAsync("held_vote", voted.Order().Select(row => (row, "")).ToList(), ct);
        await act.NoteAsync("held_release", decided.ConvertAll(outcome => (outcome.Row, outcome.Effect)), ct);
        await act.CommitAsync(ct);
        return InOrder(outcomes);
    }

    static async Task<List<HeldRow>> TakeAsync(OperatorAct act, IEnumerable<int> rowNos, CancellationToken ct)
    {
        var rows = new List<HeldRow>();
        await using var command = act.Command(TakeSql, rowNos);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            rows.Add(Read(row));
        }

        return rows;
    }

    // What is asked for and not held was either dealt with before in just this way, or is a mistake.
    static async Task<List<HeldOutcome>> UnchangedAsync(
        OperatorAct act, IEnumerable<int> rowNos, List<HeldRow> rows, bool wasReleased, CancellationToken ct)
    {
        var others = rowNos.Except(rows.Select(row => row.Row)).Order().ToList();
        if (others.Count == 0)
        {
            return [];
        }

        var effects = await act.ReadEffectsAsync(others, ct);
        var done = wasReleased
            ? await act.ReadRowsAsync(ReleasedSql, others, ct)
            : effects.Where(effect => effect.ByOperator).Select(effect => effect.Row).ToHashSet();
        var mistake = others.FindIndex(row => !done.Contains(row));
        return mistake < 0
            ? effects.ConvertAll(effect => new HeldOutcome(effect.Row, HeldStep.Unchanged, effect.Effect))
            : throw new DispatchException(
                "held.not_held",
                $"row {others[mistake]} of job {act.JobId} is not held; expected rows that 'dispatch held "
                + $"list {act.JobId}' shows; nothing was done",
                ExitCode.Usage);
    }

    static async Task<(List<HeldRow> Ready, IReadOnlySet<int> Voted)> VoteAsync(
        OperatorAct act, List<HeldRow> rows, CancellationToken ct)
    {
        var delicate = RowNos(rows.Where(row => row.NeedsTwoOperators));
        if (delicate.Length == 0)
        {
            return (rows, new HashSet<int>());
        }

        var voted = await act.ReadRowsAsync(VoteSql, delicate, ct);
        var agreed = await act.ReadRowsAsync(AgreedSql, delicate, ct);
        return (rows.Where(row => !row.NeedsTwoOperators || agreed.Contains(row.Row)).ToList(), voted);
    }

    static async Task<List<HeldOutcome>> DecideAsync(
        OperatorAct act, List<HeldRow> ready, DecideAgain decide, CancellationToken ct)
    {
        var rowNos = RowNos(ready);
        await act.ExecuteAsync(RemoveSql, rowNos, ct);
        await decide(act.Connection, act.Transaction, ready, ct);

        var effects = await act.ReadEffectsAsync(rowNos, ct);
        if (!effects.Select(effect => effect.Row).Order().SequenceEqual(rowNos))
        {
            throw new InvalidOperationException(
                $"{rowNos.Length} held rows of job {act.JobId} were decided again and have {effects.Count} outcomes");
        }

        // Without its release the salt of a row's letter would be lost, and the letter with it.
        var released = effects.Where(effect => effect.Effect != "held").Select(effect => effect.Row).ToList();
        if (!(await act.ReadRowsAsync(ReleasedSql, released, ct)).SetEquals(released))
        {
            throw new InvalidOperationException($"rows of job {act.JobId} were released without a record of it");
        }

        var again = effects.Where(effect => effect.Effect == "held").Select(effect => effect.Row);
        await act.ExecuteAsync(ForgetVotesSql, again, ct);
        return effects.ConvertAll(effect => new HeldOutcome(
            effect.Row, effect.Effect == "held" ? HeldStep.HeldAgain : HeldStep.Released, effect.Effect));
    }

    static HeldRow Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row[1] as int?, row.GetString(2), (Reason)row.GetInt16(3), row.GetString(4),
        new EffectFacts(row.GetInt32(5)), row.GetDateTime(6), row.GetInt32(7));

    // Ascending: rows are taken in that order.
    static int[] RowNos(IEnumerable<HeldRow> rows) => rows.Select(row => row.Row).ToArray();

    static List<HeldOutcome> InOrder(IEnumerable<HeldOutcome> outcomes) =>
        [.. outcomes.OrderBy(outcome => outcome.Row)];
}
