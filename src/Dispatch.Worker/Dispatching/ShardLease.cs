using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// A worker's hold on a shard, told in the database's time and renewed while the worker lives. It keeps others from
/// doing the same work; that nothing is done twice is the epoch's doing. One that froze finds its lease lost when it
/// wakes up.
/// </summary>
sealed class ShardLease : IAsyncDisposable
{
    const int RenewalsPerLease = 4;

    const string TakeSql = $"""
        update dispatch.shards set holder = $3, lease_until = clock_timestamp() + $4
        where job_id = $1 and shard_no = $2 and {JobShard.IsFree}
        returning first_chunk, last_chunk
        """;

    const string RenewSql = """
        update dispatch.shards set lease_until = clock_timestamp() + $4
        where job_id = $1 and shard_no = $2 and holder = $3 and lease_until > clock_timestamp()
        """;

    const string GiveBackSql = """
        update dispatch.shards set holder = null, lease_until = null where job_id = $1 and shard_no = $2 and holder = $3
        """;

    readonly NpgsqlDataSource _database;
    readonly TimeProvider _clock;
    readonly int _jobId;
    readonly int _shardNo;
    readonly TimeSpan _length;
    readonly CancellationTokenSource _lost = new();
    readonly CancellationTokenSource _ended = new();
    readonly Task _renewing;

    ShardLease(
        NpgsqlDataSource database, TimeProvider clock, int jobId, int shardNo, string holder, TimeSpan length,
        ChunkRange chunks)
    {
        (_database, _clock, _jobId, _shardNo, _length) = (database, clock, jobId, shardNo, length);
        (Holder, Chunks) = (holder, chunks);
        _renewing = RenewAsync();
    }

    /// <summary>Who has the shard: never the same twice.</summary>
    public string Holder { get; }

    public ChunkRange Chunks { get; }

    /// <summary>Cancelled when the shard is, or may be, somebody else's.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <param name="holder">Of this attempt alone, not only of the node.</param>
    /// <returns>Null when somebody else has the shard.</returns>
    public static async Task<ShardLease?> TryTakeAsync(
        NpgsqlDataSource database, TimeProvider clock, int jobId, int shardNo, string holder, TimeSpan length,
        CancellationToken ct)
    {
        // First the whole reply: a lease whose taking failed after all would be renewed by nobody for ever.
        return await TakeAsync(database, jobId, shardNo, holder, length, ct) is { } chunks
            ? new(database, clock, jobId, shardNo, holder, length, chunks)
            : null;
    }

    /// <summary>Gives the shard back, so that nobody waits for the lease to run out.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        try
        {
            await using var command = Command(_database, GiveBackSql, _jobId, _shardNo, Holder, length: null);
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The lease runs out by itself.
        }

        _lost.Dispose();
        _ended.Dispose();
    }

    static async Task<ChunkRange?> TakeAsync(
        NpgsqlDataSource database, int jobId, int shardNo, string holder, TimeSpan length, CancellationToken ct)
    {
        await using var command = Command(database, TakeSql, jobId, shardNo, holder, length);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetInt32(0), row.GetInt32(1)) : null;
    }

    async Task RenewAsync()
    {
        var renewedAt = _clock.GetTimestamp();
        while (await PauseAsync())
        {
            try
            {
                await using var command = Command(_database, RenewSql, _jobId, _shardNo, Holder, _length);
                if (await command.ExecuteNonQueryAsync(_ended.Token) == 0)
                {
                    await _lost.CancelAsync();
                    return;
                }

                renewedAt = _clock.GetTimestamp();
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException)
            {
                // Tried again until the lease must have run out.
                if (_clock.GetElapsedTime(renewedAt) > _length)
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
    }

    async Task<bool> PauseAsync()
    {
        await Task.Delay(_length / RenewalsPerLease, _clock, _ended.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_ended.IsCancellationRequested;
    }

    static NpgsqlCommand Command(
        NpgsqlDataSource database, string sql, int jobId, int shardNo, string holder, TimeSpan? length)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = shardNo, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = holder, NpgsqlDbType = NpgsqlDbType.Text });
        if (length is { } interval)
        {
            command.Parameters.Add(new() { Value = interval, NpgsqlDbType = NpgsqlDbType.Interval });
            command.CommandTimeout = (int)Math.Ceiling(interval.TotalSeconds); // a line that is silent must not keep the shard ours
        }

        return command;
    }
}
