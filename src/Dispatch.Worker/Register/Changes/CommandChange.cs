using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Changes;

/// <summary>
/// Makes one change to the register as a file of changes would, history included, in one transaction. What the change
/// is, is found out inside it, so that nothing moves in between.
/// </summary>
static class CommandChange
{
    const string NoteSql =
        "insert into register.change_files (name, changes, recorded_by) values ($1, 1, $2) returning file_no";

    // Should a change of this day have been applied that names a later hour, this one still comes after it.
    const string StageSql =
        $"""
        with change as (
            select $1 as kind, $2 as number, $3 as other, coalesce($4, '-infinity') as since,
                   greatest($5, max(e.effective_at) + interval '1 microsecond') as effective_at,
                   case when $6::jsonb is null then 'remove' else 'put' end as op, $6::jsonb as content, $7 as file_no,
                   1 as line
            from register.events e
            where e.kind = $1 and e.number = $2 and e.other = $3 and e.since = coalesce($4, '-infinity'))
        insert into register.staged_changes
            (kind, number, other, since, effective_at, op, content, file_no, line, {StagedChanges.PersonColumns})
        select kind, number, other, since, effective_at, op, content, file_no, line, {StagedChanges.PersonColumns}
        from change {StagedChanges.FromContent}
        """;

    /// <param name="command">What is on record as where the change came from.</param>
    /// <param name="find">Finds the change; null when there is nothing to change.</param>
    /// <param name="also">What else belongs to it, in the same transaction, given the file_no of the change.</param>
    /// <returns>The version of the register; null when there was nothing to change.</returns>
    /// <exception cref="DispatchException">What <paramref name="find"/> throws; nothing was changed.</exception>
    public static async Task<long?> RunAsync(
        NpgsqlDataSource db, string command, DateTimeOffset now,
        Func<NpgsqlConnection, CancellationToken, Task<OneChange?>> find,
        Func<NpgsqlConnection, int, CancellationToken, Task>? also, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var staged = new StagedChanges(connection, DanishDay.EndUtc(now));
        await staged.BeginAsync(ct);
        if (await find(connection, ct) is not { } change)
        {
            return null;
        }

        var fileNo = await NoteAsync(connection, command, ct);
        await StageAsync(connection, change, fileNo, now, ct);
        var version = await ChangeApplication.RunAsync(connection, (await staged.CountAsync(ct)).Keys, ct);
        await staged.EndAsync(ct);
        if (also is not null)
        {
            await also(connection, fileNo, ct);
        }

        await Trail.NoteAsync(connection, Operator.Name, "register_change", null, $"version {version}: {command}", ct);
        await transaction.CommitAsync(ct);
        return version;
    }

    static async Task<int> NoteAsync(NpgsqlConnection connection, string command, CancellationToken ct)
    {
        await using var note = new NpgsqlCommand(NoteSql, connection);
        note.Parameters.Add(new() { Value = command, NpgsqlDbType = NpgsqlDbType.Text });
        note.Parameters.Add(new() { Value = Operator.Name, NpgsqlDbType = NpgsqlDbType.Text });
        return (int)(await note.ExecuteScalarAsync(ct))!;
    }

    static async Task StageAsync(
        NpgsqlConnection connection, OneChange change, int fileNo, DateTimeOffset now, CancellationToken ct)
    {
        await using var stage = new NpgsqlCommand(StageSql, connection);
        void Add(object? value, NpgsqlDbType type) =>
            stage.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        Add(change.Kind, NpgsqlDbType.Text);
        Add((long)change.Key.Number, NpgsqlDbType.Bigint);
        Add((long)change.Key.Other, NpgsqlDbType.Bigint);
        Add(change.Key.Since, NpgsqlDbType.TimestampTz);
        Add(now.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add(change.Content, NpgsqlDbType.Jsonb);
        Add(fileNo, NpgsqlDbType.Integer);
        await stage.ExecuteNonQueryAsync(ct);
    }
}
