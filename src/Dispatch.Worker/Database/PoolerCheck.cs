using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>
/// Refuses a proxy that makes something else of a session: one that gives it to somebody else between two statements,
/// so that locks of the session are everybody's, or one that drops what it is opened with, so that the login works
/// under its own rights and not under the role's.
/// </summary>
static class PoolerCheck
{
    const string Probe = "dispatch pooler check";

    /// <summary>A pooler may by chance give a session the same one several times.</summary>
    const int Tries = 4;

    /// <param name="database">Two connections at least.</param>
    /// <param name="role">Whose rights a session of this source has; null = the login's own.</param>
    /// <exception cref="DispatchException"><c>database.pooler</c>, exit 78.</exception>
    public static async Task RunAsync(NpgsqlDataSource database, string? role, CancellationToken ct)
    {
        await using var one = await database.OpenConnectionAsync(ct);
        await using var other = await database.OpenConnectionAsync(ct);
        var process = await ProcessAsync(one, ct);
        for (var i = 0; i < Tries; i++)
        {
            if (!await AreApartAsync(one, other, ct) || await KeptProcessAsync(one, other, ct) != process)
            {
                throw Refusal(
                    "gives sessions away between two statements (transaction pooling), so that no lock holds");
            }
        }

        if (role is not null && await AskAsync(one, "select current_user = $1", role, ct) is not true)
        {
            throw Refusal("drops what a session is opened with, so that rights are not those of the role");
        }
    }

    static async Task<bool> AreApartAsync(NpgsqlConnection one, NpgsqlConnection other, CancellationToken ct)
    {
        var name = $"{Probe} {Guid.NewGuid():N}";
        var first = await TryLockAsync(one, name, ct);
        var second = await TryLockAsync(other, name, ct);
        await ReleaseAsync(one, ct);
        await ReleaseAsync(other, ct);
        return first && !second;
    }

    // While the other one keeps a server's process to itself: a pooler must give this one what is left.
    static async Task<int> KeptProcessAsync(NpgsqlConnection one, NpgsqlConnection other, CancellationToken ct)
    {
        await using var transaction = await other.BeginTransactionAsync(ct);
        await ProcessAsync(other, ct);
        return await ProcessAsync(one, ct);
    }

    static async Task<int> ProcessAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_backend_pid()", session);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <param name="fault">What it does with sessions.</param>
    public static DispatchException Refusal(string fault, Exception? inner = null) => new(
        "database.pooler",
        $"something between dispatch and its database {fault}; expected the server itself, or what passes sessions "
        + "through as they are; name the server in Database:ConnectionString",
        ExitCode.Configuration,
        inner);

    static async Task<bool> TryLockAsync(NpgsqlConnection session, string name, CancellationToken ct) =>
        await AskAsync(session, "select pg_try_advisory_lock(hashtextextended($1, 0))", name, ct) is true;

    static async Task<object?> AskAsync(NpgsqlConnection session, string sql, string value, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, session);
        command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(ct);
    }

    static async Task ReleaseAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", session);
        await command.ExecuteNonQueryAsync(ct);
    }
}
