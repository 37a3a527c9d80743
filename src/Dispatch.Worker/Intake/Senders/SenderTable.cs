using Dispatch.Routing;
using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Intake.Senders;

/// <summary>Those who may send, as operators keep them. Every change is in the trail; repeating it changes
/// nothing.</summary>
static class SenderTable
{
    // What a sender is does not change while it may send: by that its letters were routed.
    const string AddSql = """
        insert into dispatch.senders as s (cvr, name, kind, ground, added_by) values ($1, $2, $3, $4, $5)
        on conflict (cvr) do update
        set name = excluded.name, kind = excluded.kind, ground = excluded.ground, added_by = excluded.added_by,
            added_at = clock_timestamp(), closed_by = null, closed_at = null
        where s.closed_at is not null
           or s.kind = excluded.kind and (s.name, s.ground) is distinct from (excluded.name, excluded.ground)
        """;

    // Whoever is accepting a job of the sender is waited for.
    const string CloseSql = """
        update dispatch.senders set closed_by = $2, closed_at = clock_timestamp() where cvr = $1 and closed_at is null
        """;

    const string SelectSql = """
        select s.cvr, s.name, s.kind, s.ground, s.added_by, s.added_at, s.closed_by, s.closed_at,
               array(select j.job_id from dispatch.jobs j
                     where j.sender_cvr = s.cvr and j.state not in ('completed', 'cancelled', 'refused') order by 1)
        from dispatch.senders s
        where $1::text is null or s.cvr = $1
        order by s.cvr
        """;

    /// <summary>Adds a sender, opens a closed one again, or corrects name and ground.</summary>
    /// <returns>False when it was there just so.</returns>
    /// <exception cref="DispatchException"><c>sender.kind</c>, exit 2: it may send, as the other kind.</exception>
    public static async Task<bool> AddAsync(
        NpgsqlDataSource database, string cvr, string name, string kind, string ground, string actor,
        CancellationToken ct)
    {
        var hasChanged = await ChangeAsync(
            database, AddSql, [cvr, name, kind, ground, actor], "sender_add", $"{cvr} {kind} {ground}".TrimEnd(), ct);
        return hasChanged || (await FindAsync(database, cvr, ct)).Kind == kind
            ? hasChanged
            : throw new DispatchException(
                "sender.kind",
                $"sender {cvr} is known, and not as {kind}; expected the kind it has; to change it, close the sender "
                + "and add it again",
                ExitCode.Usage);
    }

    /// <summary>Nothing more is accepted of the sender; what was accepted is finished.</summary>
    /// <returns>False when it was closed before.</returns>
    /// <exception cref="DispatchException"><c>sender.unknown</c>, exit 2.</exception>
    public static async Task<bool> CloseAsync(
        NpgsqlDataSource database, string cvr, string actor, CancellationToken ct)
    {
        await FindAsync(database, cvr, ct);
        return await ChangeAsync(database, CloseSql, [cvr, actor], "sender_close", cvr, ct);
    }

    /// <exception cref="DispatchException"><c>sender.unknown</c>, exit 2.</exception>
    public static async Task<Sender> FindAsync(NpgsqlDataSource database, string cvr, CancellationToken ct) =>
        (await ReadAsync(database, cvr, ct)) is [var sender] ? sender : throw new DispatchException(
            "sender.unknown", $"no sender '{cvr}'; expected one that 'dispatch sender list' shows", ExitCode.Usage);

    /// <summary>All of them, closed ones too.</summary>
    public static Task<List<Sender>> ListAsync(NpgsqlDataSource database, CancellationToken ct) =>
        ReadAsync(database, null, ct);

    static async Task<bool> ChangeAsync(
        NpgsqlDataSource database, string sql, string[] values, string action, string detail, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text });
        }

        if (await command.ExecuteNonQueryAsync(ct) == 0)
        {
            return false;
        }

        await Trail.NoteAsync(connection, values[^1], action, null, detail, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    static async Task<List<Sender>> ReadAsync(NpgsqlDataSource database, string? cvr, CancellationToken ct)
    {
        var senders = new List<Sender>();
        await using var command = database.CreateCommand(SelectSql);
        command.Parameters.Add(new() { Value = (object?)cvr ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            senders.Add(new(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.GetDateTime(5), row[6] as string, row[7] as DateTime?, row.GetFieldValue<int[]>(8)));
        }

        return senders;
    }
}
