using System.Data;
using Npgsql;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// One read-only REPEATABLE READ transaction: everything read through it is of the same moment. Planner settings suit
/// tables that were filled a moment ago and have no statistics yet: guessed at one row, millions would be joined by
/// nested loops or sorted on disk.
/// </summary>
sealed class LedgerSnapshot : IAsyncDisposable
{
    const string PlannerSql = """
        set local work_mem = '64MB';
        set local hash_mem_multiplier = 2;
        set local enable_nestloop = off;
        set local enable_mergejoin = off;
        set local enable_sort = off;
        set local jit = off;
        set local statement_timeout = 0;
        """;

    readonly NpgsqlConnection _connection;
    readonly NpgsqlTransaction _transaction;

    LedgerSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
    }

    public static async Task<LedgerSnapshot> OpenAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            await using var command = new NpgsqlCommand(
                "set transaction read only;" + PlannerSql, connection, transaction);
            await command.ExecuteNonQueryAsync(ct);
            return new(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A command of this snapshot; counting millions of rows may take longer than the usual time limit.
    /// </summary>
    public NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
