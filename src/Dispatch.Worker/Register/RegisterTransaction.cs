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

    const string VersionSql = "select version, identity from register.versions order by version desc limit 1";

    readonly NpgsqlTransaction _transaction;

    RegisterTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, long version, Guid identity)
    {
        (Connection, _transaction, Version, Identity) = (connection, transaction, version, identity);
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>0 before the first import.</summary>
    public long Version { get; }

    /// <summary>What no other version of any register has; empty before the first import.</summary>
    public Guid Identity { get; }

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
            await using var row = await command.ExecuteReaderAsync(ct);
            return await row.ReadAsync(ct)
                ? new(connection, transaction, row.GetInt64(0), row.GetGuid(1))
                : new(connection, transaction, version: 0, Guid.Empty);
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
