using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Receipts;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting;

/// <summary>What of a job's paper wants a person's eye.</summary>
/// <param name="Incidents">Found in receipts of print houses and not closed; <c>ops.incidents</c> lists them.</param>
/// <param name="BatchesOverdue">Not every piece of them was answered for in time; <c>ops.receipt_alarms</c> lists
/// them.</param>
/// <param name="PiecesUnanswered">Pieces of those batches of which nothing was said.</param>
/// <param name="PiecesToReprint">Spoiled or rejected, in no reprint, and no incident keeps them from it.</param>
sealed record PaperStatus(int Incidents, int BatchesOverdue, int PiecesUnanswered, int PiecesToReprint)
{
    const string Sql = """
        with lost as (
            select job_id, row_no, attempt, state from dispatch.batch_pieces where state in ('spoiled', 'rejected')
            union all
            select i.job_id, i.row_no, i.attempt, null
            from dispatch.batches o join dispatch.batch_pieces i on i.batch_id = o.batch_id
            where o.state = 'rejected' and i.state is null
        )
        select b.job_id,
               (select count(*) from dispatch.incidents n join dispatch.batches o on o.batch_id = n.batch_id
                where o.job_id = b.job_id and n.closed_at is null)::int,
               count(*) filter (where late.unanswered is not null)::int,
               coalesce(sum(late.unanswered), 0)::int,
               (select count(*) from lost i
                where i.job_id = b.job_id
                and not exists (select from dispatch.batch_pieces r
                                where r.job_id = i.job_id and r.row_no = i.row_no and r.attempt > i.attempt)
                and not exists (select from dispatch.batch_pieces a
                                join dispatch.incidents n on n.batch_id = a.batch_id
                                     and (n.sequence = a.sequence or (n.sequence = 0 and i.state is null))
                                where a.job_id = i.job_id and a.row_no = i.row_no and n.closed_at is null
                                and n.kind = any($3)))::int
        from dispatch.batches b
        left join lateral (
            select count(*) as unanswered from dispatch.batch_pieces i
            where i.batch_id = b.batch_id and i.state is null and b.state in ('handed_off',
            'accepted') and b.receipt_due < $1
            having count(*) > 0
        ) late on true
        where $2::int is null or b.job_id = $2
        group by b.job_id
        """;

    const string QuarantinedSql =
        "select count(*)::int from dispatch.receipt_files where state = 'quarantined' and closed_at is null";

    /// <summary>By job, for all jobs or one; a job without paper has none.</summary>
    public static async Task<Dictionary<int, PaperStatus>> ReadAsync(
        NpgsqlDataSource db, int? jobId, TimeProvider time, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = DanishTime.DateOf(time.GetUtcNow()), NpgsqlDbType = NpgsqlDbType.Date });
        command.Parameters.Add(new() { Value = (object?)jobId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new()
        {
            Value = LossRule.DoubtKinds.ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<int, PaperStatus>();
        while (await row.ReadAsync(ct))
        {
            found.Add(row.GetInt32(0), new(row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)));
        }

        return found;
    }

    /// <summary>Receipt files that were not taken.</summary>
    public static async Task<int> CountQuarantinedAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(QuarantinedSql);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }
}
