using System.Globalization;
using Dispatch.PrintExport.Batches;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Puts every piece of a job that is in no batch yet into one. All or nothing: one transaction, under a lock of the
/// job, so that a second planner, or one that was killed, changes nothing.
/// </summary>
sealed class BatchPlan(
    NpgsqlDataSource database, PrintJob job, ChunkSeals seals, int fieldCount, PrintHouseChoice choice,
    TimeProvider clock)
{
    const int FirstAttempt = 1;

    // The two-number form of the advisory lock: what is planned, and the job.
    const string LockSql = "select pg_advisory_xact_lock(hashtext('dispatch.batches'), $1)";

    const string PiecesToPlanSql = """
        select (select count(*) from dispatch.pieces where job_id = $1)
             - (select coalesce(sum(pieces), 0) from dispatch.batches where job_id = $1 and attempt = $2)
        """;

    const string LastNumbersSql =
        "select class, max(number) from dispatch.batches where job_id = $1 and attempt = $2 group by class";

    /// <summary>Gives the number of pieces that were put into batches; 0 when there was nothing left to do.</summary>
    public async Task<long> CompleteAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var locked = Command(LockSql, connection))
        {
            await locked.ExecuteNonQueryAsync(cancel);
        }

        await using (var count = Command(PiecesToPlanSql, connection, FirstAttempt))
        {
            if (Convert.ToInt64(await count.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) == 0)
            {
                return 0;
            }
        }

        var planned = await PlanAsync(connection, await ReadLastNumbersAsync(connection, cancel), cancel);
        await transaction.CommitAsync(cancel);
        return planned;
    }

    async Task<long> PlanAsync(
        NpgsqlConnection connection, Dictionary<string, int> lastNumbers, CancellationToken cancel)
    {
        await using var reading = await database.OpenConnectionAsync(cancel);
        using var opener = new PieceOpener(job, seals, fieldCount);
        using var writer = new BatchWriter(connection, job, CreatedAt(clock));
        var planner = new BatchPlanner(job.Order, FirstAttempt, choice, lastNumbers);
        var pieces = PresortReader.ReadAsync(reading, job, FirstAttempt, opener, cancel);
        var planned = 0L;
        var writing = Task.CompletedTask; // one batch is written while the next one is read and cut
        try
        {
            await foreach (var batch in planner.PlanAsync(pieces, cancel))
            {
                await writing;
                writing = writer.WriteAsync(batch, cancel);
                planned += batch.Pieces.Count;
            }

            await writing;
            return planned;
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<Dictionary<string, int>> ReadLastNumbersAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = Command(LastNumbersSql, connection, FirstAttempt);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var numbers = new Dictionary<string, int>();
        while (await row.ReadAsync(cancel))
        {
            numbers.Add(row.GetString(0), row.GetInt32(1));
        }

        return numbers;
    }

    /// <summary>Now, to the second, as the ticket shows it.</summary>
    public static DateTime CreatedAt(TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
    }

    NpgsqlCommand Command(string sql, NpgsqlConnection connection, int? attempt = null)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        if (attempt is { } number)
        {
            command.Parameters.Add(new() { Value = (short)number, NpgsqlDbType = NpgsqlDbType.Smallint });
        }

        return command;
    }
}
