using System.Data;
using Npgsql;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Retention;

/// <summary>
/// Whom the operator of Digital Post owed letters, and which letters print-outs had: CPR numbers, which the letters
/// themselves do not have. Put on record, gone and told of in one transaction: nothing is left half-done.
/// </summary>
sealed class OwnLetterPurge(NpgsqlDataSource database, PurgeTable table)
{
    const string CountSql = """
        select count(*)::int, coalesce(sum(letters), 0)::bigint, max(final_at) from register.due_own_jobs($1)
        """;

    const string PurgeSql = "select register.purge_own_letters($1)";

    public async Task<PurgedClass> RunAsync(PurgeClass purged, bool isDryRun, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var (jobs, letters, newest) = await CountAsync(connection, purged.Days, ct);
        if (jobs > 0 && !isDryRun)
        {
            var purgeNo = await table.BeginAsync(connection, purged, null, newest, letters, ct);
            await using (var purge = new NpgsqlCommand(PurgeSql, connection) { CommandTimeout = 0 })
            {
                purge.Parameters.Add(Integer(purgeNo));
                await purge.ExecuteNonQueryAsync(ct);
            }

            await table.EndAsync(connection, purgeNo, ct);
            await transaction.CommitAsync(ct);
        }

        return new(purged.Name, purged.Days, jobs, letters, 0);
    }

    static async Task<(int Jobs, long Letters, DateTime Newest)> CountAsync(
        NpgsqlConnection connection, int days, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(CountSql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(Integer(days));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt32(0), row.GetInt64(1), row[2] as DateTime? ?? default);
    }
}
