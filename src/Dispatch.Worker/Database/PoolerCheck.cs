using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>Refuses a proxy that gives a session to somebody else between two statements: locks of the session would be
/// everybody's there.</summary>
static class PoolerCheck
{
    const string Probe = "dispatch pooler check";

    /// <exception cref="DispatchException"><c>database.pooler</c>, exit 78.</exception>
    public static async Task RunAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var one = await database.OpenConnectionAsync(ct);
        await using var other = await database.OpenConnectionAsync(ct);
        var name = $"{Probe} {Guid.NewGuid():N}";
        var first = await TryAsync(one, name, ct);
        var second = await TryAsync(other, name, ct);
        await ReleaseAsync(one, ct);
        await ReleaseAsync(other, ct);
        if (!first || second)
        {
            throw new DispatchException(
                "database.pooler",
                "something between dispatch and its database gives sessions away between two statements "
                + "(transaction pooling), so that no lock holds; "
                + "connect to the server itself, or use session pooling",
                ExitCode.Configuration);
        }
    }

    static async Task<bool> TryAsync(NpgsqlConnection session, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", session);
        command.Parameters.Add(new() { Value = name, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    static async Task ReleaseAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", session);
        await command.ExecuteNonQueryAsync(ct);
    }
}
