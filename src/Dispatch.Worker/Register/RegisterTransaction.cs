using System.Data;
using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>
/// A reading transaction that sees one version of the register. The tables are locked (against being emptied, nothing
/// else) before the first statement that sees rows: an import empties and fills them in a way that a transaction begun
/// earlier would see as nothing at all.
/// </summary>
sealed class RegisterTransaction : IAsyncDisposable
{
    const string LockSql =
        "lock table register.people, register.companies, register.registrations in access share mode";

    const string VersionSql = "select coalesce(max(version), 0) from register.versions";

    readonly NpgsqlTransaction _transaction;

    RegisterTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, long version)
    {
        Connection = connection;
        _transaction = transaction;
        Version = version;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>0 before the first import.</summary>
    public long Version { get; }

    public static async Task<RegisterTransaction> BeginAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);

            // No limit: an import of a whole nation may be under way.
            await using var command = new NpgsqlCommand(LockSql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
            command.CommandText = VersionSql;
            return new(connection, transaction, (long)(await command.ExecuteScalarAsync(ct))!);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
