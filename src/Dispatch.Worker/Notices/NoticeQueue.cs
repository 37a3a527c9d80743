using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Notices;

/// <summary>The notices that wait. Any number of workers take from it; what one of them does not settle in time is
/// taken again.</summary>
sealed class NoticeQueue(NpgsqlDataSource database, TimeSpan tryFor)
{
    const int BatchMax = 100;

    const string TakeSql = """
        select job_id, person_id, attempt, failures, is_stale from dispatch.take_notices($1, $2, $3, $4, $5)
        """;

    // A late answer about a notice that somebody else took meanwhile changes nothing. Found by the primary key:
    // state + 0 keeps a plan without statistics from reading all that is due.
    const string SettleSql = """
        update dispatch.notices n
        set state = u.said, fault = u.fault,
            failures = n.failures + case when u.wait > interval '0' then 1 else 0 end,
            settled_at = case when u.said <> 1 then clock_timestamp() end,
            due_at = case when u.said = 1 then clock_timestamp() + u.wait else n.due_at end
        from unnest($2, $3, $4, $5, $6, $7) u(job_id, person_id, attempt, said, fault, wait)
        where n.job_id = u.job_id and n.person_id = u.person_id and n.channel = $1 and n.attempt = u.attempt
          and n.state + 0 = 1
        """;

    /// <summary>How long what was taken may be worked on.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromMinutes(10);

    /// <param name="perSecond">Of all workers together; 0 = no limit.</param>
    /// <returns>Empty when nothing is due; null when something is, and no more may go out yet.</returns>
    public async Task<IReadOnlyList<TakenNotice>?> TakeAsync(NoticeChannel channel, int perSecond, CancellationToken ct)
    {
        await using var command = database.CreateCommand(TakeSql);
        command.Parameters.Add(new() { Value = (short)channel, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = BatchMax, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = perSecond, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = Lease, NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(new() { Value = tryFor, NpgsqlDbType = NpgsqlDbType.Interval });
        await using var row = await command.ExecuteReaderAsync(ct);
        var taken = new List<TakenNotice>();
        while (await row.ReadAsync(ct))
        {
            taken.Add(new(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt16(3), row.GetBoolean(4)));
        }

        return taken is [{ JobId: 0 }] ? null : taken;
    }

    public async Task SettleAsync(NoticeChannel channel, IReadOnlyList<SettledNotice> settled, CancellationToken ct)
    {
        await using var command = database.CreateCommand(SettleSql);
        command.Parameters.Add(new() { Value = (short)channel, NpgsqlDbType = NpgsqlDbType.Smallint });
        Add(settled.Select(s => s.Taken.JobId), NpgsqlDbType.Integer);
        Add(settled.Select(s => s.Taken.PersonId), NpgsqlDbType.Integer);
        Add(settled.Select(s => s.Taken.Attempt), NpgsqlDbType.Integer);
        Add(settled.Select(s => (short)s.State), NpgsqlDbType.Smallint);
        Add(settled.Select(s => s.Fault.Length == 0 ? null : s.Fault), NpgsqlDbType.Text);
        Add(settled.Select(s => s.Wait), NpgsqlDbType.Interval);
        await command.ExecuteNonQueryAsync(ct);

        void Add<T>(IEnumerable<T> values, NpgsqlDbType type) =>
            command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
