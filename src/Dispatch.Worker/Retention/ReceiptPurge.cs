using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Retention;

/// <summary>
/// Receipt files as they came. What they said is in the database and stays; a file in quarantine is of use to whoever
/// must look at it, and stays too.
/// </summary>
sealed class ReceiptPurge(NpgsqlDataSource database, DataFolder data, PurgeTable table)
{
    const string DueSql = """
        from dispatch.receipt_files f
        where f.state = 'applied' and f.purge_no is null
          and f.imported_at <= clock_timestamp() - make_interval(days => $1)
          and not exists (
              select from dispatch.receipt_lines l join dispatch.batches b on b.batch_id = l.batch_id
              where l.receipt_id = f.receipt_id and dispatch.paper_final_at(b.job_id) is null)
        """;

    const string CountSql = $"select count(*), max(imported_at) {DueSql}";

    const string MarkSql = $"""
        update dispatch.receipt_files set purge_no = $2
        where receipt_id in (select f.receipt_id {DueSql})
        """;

    const string OpenSql = "select purge_no from dispatch.purges where class = 'receipts' and state = 'open'";

    const string FilesSql = "select print_house, sha256 from dispatch.receipt_files where purge_no = $1";

    public async Task<PurgedClass> RunAsync(PurgeClass purged, bool isDryRun, CancellationToken ct)
    {
        var days = purged.Days;
        var (jobs, items) = (0, 0L);
        if (!isDryRun)
        {
            foreach (var begun in await FindOpenAsync(ct))
            {
                items += await FinishAsync(begun, ct);
                jobs++;
            }
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, ct);
        var (due, newest) = await CountAsync(connection, days, ct);
        if (due == 0 || isDryRun)
        {
            return new(purged.Name, days, jobs + (due > 0 ? 1 : 0), items + due, 0);
        }

        var purgeNo = await table.BeginAsync(connection, purged, null, newest, due, ct);
        await using (var mark = Command(connection, MarkSql, days, purgeNo))
        {
            await mark.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return new(purged.Name, days, jobs + 1, items + await FinishAsync(purgeNo, ct), 0);
    }

    async Task<long> FinishAsync(int purgeNo, CancellationToken ct)
    {
        await using (var connection = await database.OpenConnectionAsync(ct))
        await using (var command = Command(connection, FilesSql, purgeNo))
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                var hash = Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1));
                var house = StoredName.Check(row.GetString(0));
                File.Delete(Path.Combine(data.AppliedReceipts, $"{house}-{hash}.receipts.csv"));
            }
        }

        return await table.EndAsync(purgeNo, ct);
    }

    async Task<List<int>> FindOpenAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(OpenSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        var open = new List<int>();
        while (await row.ReadAsync(ct))
        {
            open.Add(row.GetInt32(0));
        }

        return open;
    }

    static async Task<(long Due, DateTime Newest)> CountAsync(
        NpgsqlConnection connection, int days, CancellationToken ct)
    {
        await using var command = Command(connection, CountSql, days);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row[1] as DateTime? ?? default);
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params int[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer });
        }

        return command;
    }
}
