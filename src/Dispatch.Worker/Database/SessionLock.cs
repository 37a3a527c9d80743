using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database;

/// <summary>A lock of the database session, by name: gone the moment the process is. It saves double work; it is not
/// what makes anything happen once.</summary>
sealed class SessionLock : IAsyncDisposable
{
    const int LockClass = 0x6E616D65;

    readonly NpgsqlConnection _session;

    SessionLock(NpgsqlConnection session)
    {
        _session = session;
    }

    /// <returns>Null when somebody else has it.</returns>
    public static async Task<SessionLock?> TryTakeAsync(NpgsqlDataSource database, string name, CancellationToken ct)
    {
        var session = await database.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1, hashtext($2))", session);
            command.Parameters.Add(new() { Value = LockClass, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new() { Value = name, NpgsqlDbType = NpgsqlDbType.Text });
            if (await command.ExecuteScalarAsync(ct) is true)
            {
                return new(session);
            }
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        await session.DisposeAsync();
        return null;
    }

    /// <summary>Whether a session has it now. It may be one of a process that froze: nobody can tell it from one that
    /// is at work.</summary>
    public static async Task<bool> IsTakenAsync(NpgsqlDataSource database, string name, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select exists (
                select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
                where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
                  and l.classid::bigint = $1 and l.objid::bigint = hashtext($2)::bigint & 4294967295)
            """);
        command.Parameters.Add(new() { Value = LockClass, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = name, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    public async ValueTask DisposeAsync()
    {
        await using var session = _session;
        if (session.State == System.Data.ConnectionState.Open)
        {
            // The pool would keep the session, and the lock with it.
            await using var unlock = new NpgsqlCommand("select pg_advisory_unlock_all()", session);
            await unlock.ExecuteNonQueryAsync();
        }
    }
}
