using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Retention;

/// <summary>The sealed values of a job's letters or print pieces. The rows stay; an empty value is one that was purged.
/// </summary>
sealed class JobValues(NpgsqlDataSource database)
{
    const int StepRows = 20_000;

    const string CountSql = """
        select case when $1 = 'letters'
            then (select count(*) from mailbox.letters l where l.segment = $3 and l.job_id = $2 and l.sealed <> '')
            else (select count(*) from dispatch.pieces i where i.job_id = $2 and i.sealed <> '') end
        """;

    const string PurgeSql = "select dispatch.purge_values($1, $2, $3)";

    public async Task<long> CountAsync(PurgeClass purged, DueJob job, CancellationToken ct)
    {
        await using var command = database.CreateCommand(CountSql);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = purged.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = job.Segment, NpgsqlDbType = NpgsqlDbType.Integer });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>A run of rows a transaction: what a kill interrupts is gone over again, and found empty as far as it
    /// was.
    /// </summary>
    public async Task PurgeAsync(int purgeNo, DueJob job, CancellationToken ct)
    {
        for (var first = 1; first <= job.Rows; first += StepRows)
        {
            await using var command = database.CreateCommand(PurgeSql);
            command.CommandTimeout = 0;
            command.Parameters.Add(new() { Value = purgeNo, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new() { Value = first, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new() { Value = first + StepRows - 1, NpgsqlDbType = NpgsqlDbType.Integer });
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
