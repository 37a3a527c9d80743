using System.Globalization;
using System.Text.Json;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>The step from "checked" to "running", or to "held" when too much would be refused: one
/// transaction.</summary>
static class JobRelease
{
    const string Move = """
        update dispatch.jobs
        set state = $2, planned = $3, register_version = $4, release_date = $5,
            released_at = case when $2 = 'running' then clock_timestamp() end
        where job_id = $1 and state = any($6)
        """;

    const string SetDuplicates = """
        update dispatch.chunks set duplicates = $3 where job_id = $1 and chunk_no = $2
        """;

    const string CutShards = """
        insert into dispatch.shards (job_id, shard_no, first_chunk, last_chunk)
        select job_id, chunk_no / $2, min(chunk_no), max(chunk_no) from dispatch.chunks
        where job_id = $1 group by job_id, chunk_no / $2
        on conflict do nothing
        """;

    /// <summary>States a job can be released from.</summary>
    public static readonly string[] ReleasableStates = ["received", JobStates.Checked, JobStates.Waiting];

    /// <param name="shardChunks">Chunks in a shard.</param>
    /// <returns>False when the job had left those states meanwhile.</returns>
    public static async Task<bool> CommitAsync(
        NpgsqlDataSource database, AcceptedJob job, JobPlan plan, DateOnly releaseDate, bool isHeld, int shardChunks,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!isHeld)
        {
            await ChunkStore.CreateLeafAsync(connection, transaction, job, ct);
            await StoreDuplicatesAsync(connection, transaction, job.JobId, plan, ct);
            await using var shards = new NpgsqlCommand(CutShards, connection, transaction);
            shards.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
            shards.Parameters.Add(new() { Value = shardChunks, NpgsqlDbType = NpgsqlDbType.Integer });
            await shards.ExecuteNonQueryAsync(ct);
        }

        await using var move = new NpgsqlCommand(Move, connection, transaction);
        move.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        move.Parameters.Add(
            new() { Value = isHeld ? JobStates.Held : JobStates.Running, NpgsqlDbType = NpgsqlDbType.Text });
        move.Parameters.Add(new() { Value = PlannedJson(plan), NpgsqlDbType = NpgsqlDbType.Jsonb });
        move.Parameters.Add(new() { Value = plan.RegisterVersion, NpgsqlDbType = NpgsqlDbType.Bigint });
        move.Parameters.Add(
            new() { Value = isHeld ? DBNull.Value : releaseDate, NpgsqlDbType = NpgsqlDbType.Date });
        move.Parameters.Add(new() { Value = ReleasableStates, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        if (await move.ExecuteNonQueryAsync(ct) != 1)
        {
            await transaction.RollbackAsync(ct);
            return false;
        }

        await Trail.NoteAsync(connection, Operator.Name, isHeld ? "hold" : "release", job.JobId, CountsText(plan), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    static async Task StoreDuplicatesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int jobId, JobPlan plan, CancellationToken ct)
    {
        foreach (var (chunkNo, rows) in plan.Duplicates)
        {
            await using var command = new NpgsqlCommand(SetDuplicates, connection, transaction);
            command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new() { Value = chunkNo, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new() { Value = rows, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    static string CountsText(JobPlan plan)
    {
        var counts = plan.Counts;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{counts[Channel.Digital]} digital, {counts[Channel.Paper]} paper, {counts[Channel.Held]} held, "
            + $"{counts[Channel.Refused]} refused, register version {plan.RegisterVersion}");
    }

    static string PlannedJson(JobPlan plan) => JsonSerializer.Serialize(
        plan.Counts.Reasons.ToDictionary(
            pair => $"{pair.Key.Channel().Effect()}.{pair.Key.Code()}", pair => pair.Value));
}
