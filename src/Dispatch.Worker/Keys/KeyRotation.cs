using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Keys;

/// <summary>
/// Wraps every job's data key under a new key-encryption key. Killed anywhere it goes on when it is run again; while it
/// runs, and after it was killed, both keys are usable, so that no other dispatch notices. The order of steps is the
/// argument: the new key is durable before the database names it, the old one stays until no data key needs it.
/// </summary>
sealed class KeyRotation(NpgsqlDataSource database, KeyRing ring, string actor)
{
    const int BatchJobs = 256;
    const int LockClass = 0x6B657973; // "keys"

    // Waits for submissions that hold the current key, and from then on every submission finds the new one.
    const string BeginSql = "update dispatch.keys set state = 'retiring' where state = 'current' and key_id = $1";

    const string PutSql = """
        with put as (
            insert into dispatch.keys (key_id, state) values ($2, 'current')
            on conflict (key_id) do update set state = 'current', since = clock_timestamp(), retired_at = null
            returning key_id
        )
        insert into dispatch.events (actor, action, detail)
        select $3, 'keys_rotate', 'from key ' || $1 || ' to key ' || key_id from put
        """;

    const string TakeSql = """
        select job_id, data_key, key_id from dispatch.jobs
        where data_key is not null and key_id <> $1
        order by job_id limit $2
        for update
        """;

    const string RewrapSql = """
        update dispatch.jobs j set data_key = n.data_key, key_id = $1
        from unnest($2, $3) n (job_id, data_key) where j.job_id = n.job_id
        """;

    const string EndSql = """
        with gone as (
            update dispatch.keys set state = 'retired', retired_at = clock_timestamp() where state = 'retiring'
            returning key_id
        )
        insert into dispatch.events (actor, action, detail)
        select $1, 'keys_rotated', 'no data key is left under key ' || key_id from gone
        """;

    /// <exception cref="DispatchException"><c>key.busy</c> (75), <c>key.same</c> (2), <c>key.wrong</c>
    /// (78).</exception>
    public async Task<RotationOutcome> RunAsync(StageProgress progress, CancellationToken ct)
    {
        await using var session = await database.OpenConnectionAsync(ct);
        await LockAsync(session, ct);
        try
        {
            var keys = await ReadAsync(session, ct);
            if (keys.Retiring.Count == 0)
            {
                await BeginAsync(session, keys.Current, ct);
                keys = await ReadAsync(session, ct);
            }

            if (!ring.Source.IsCommand)
            {
                KeyFile.Publish(ring.Source.File, keys.Current, ring.Source.FollowsLink);
            }

            await ring.UseAsync(keys.Current, ct);
            var jobs = await RewrapAllAsync(session, keys.Current, progress, ct);
            await ExecuteAsync(session, EndSql, ct, Text(actor));
            return new(keys.Current, jobs, [.. keys.Retiring.Select(Old)]);
        }
        finally
        {
            await ExecuteAsync(session, "select pg_advisory_unlock_all()", CancellationToken.None);
        }
    }

    async Task BeginAsync(NpgsqlConnection session, string current, CancellationToken ct)
    {
        var next = ring.Source.IsCommand ? await FirstOfCommandAsync(current, ct) : Prepare(current);
        await using var transaction = await session.BeginTransactionAsync(ct);
        await using (var begin = Command(session, BeginSql, Text(current)))
        {
            if (await begin.ExecuteNonQueryAsync(ct) != 1)
            {
                throw new DispatchException(
                    "key.busy", "another process took another key into use; run the same command again",
                    ExitCode.TryAgain);
            }
        }

        await ExecuteAsync(session, PutSql, ct, Text(current), Text(next), Text(actor));
        await transaction.CommitAsync(ct);
    }

    string Prepare(string current)
    {
        // The file may hold the key that comes: an operator put it there, or a backup was put back.
        KeyFile.Publish(ring.Source.File, current, ring.Source.FollowsLink);
        return KeyFile.Prepare(ring.Source.File, ring.Source.FollowsLink).KeyId;
    }

    async Task<string> FirstOfCommandAsync(string current, CancellationToken ct)
    {
        await ring.ReadAgainAsync(ct);
        return ring.FirstKeyId != current ? ring.FirstKeyId : throw new DispatchException(
            "key.same", $"the command of Security:KeyCommand prints key '{current}' first, which is in use; expected a new key in front "
            + "of it; make one in the vault, let the command print both, and run this again",
            ExitCode.Usage);
    }

    async Task<int> RewrapAllAsync(NpgsqlConnection session, string keyId, StageProgress progress, CancellationToken ct)
    {
        var stage = progress.Begin("rewrap", unit: "keys");
        var done = 0;
        while (await RewrapAsync(session, keyId, ct) is > 0 and var jobs)
        {
            done += jobs;
            stage.Add(jobs);
        }

        stage.Finish();
        return done;
    }

    async Task<int> RewrapAsync(NpgsqlConnection session, string keyId, CancellationToken ct)
    {
        await using var transaction = await session.BeginTransactionAsync(ct);
        var (ids, wrapped) = (new List<int>(), new List<byte[]>());
        await using (var take = Command(session, TakeSql, Text(keyId), Integer(BatchJobs)))
        await using (var row = await take.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                using var key = await ring.UnwrapAsync(row.GetFieldValue<byte[]>(1), row.GetString(2), ct);
                await ring.RewrapAsync(key, keyId, ct);
                ids.Add(row.GetInt32(0));
                wrapped.Add(key.Wrapped);
            }
        }

        await ExecuteAsync(
            session, RewrapSql, ct, Text(keyId),
            new() { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
            new() { Value = wrapped.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await transaction.CommitAsync(ct);
        return ids.Count;
    }

    OldKey Old(string keyId) =>
        new(keyId, ring.Source.IsCommand ? null : KeyFile.KeptName(ring.Source.File, keyId));

    static async Task LockAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = Command(session, "select pg_try_advisory_lock($1, 0)", Integer(LockClass));
        if (await command.ExecuteScalarAsync(ct) is not true)
        {
            throw new DispatchException(
                "key.busy",
                "another process is rotating the keys; wait for it, then run this again if it did not finish",
                ExitCode.TryAgain);
        }
    }

    static async Task<(string Current, List<string> Retiring)> ReadAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = Command(
            session, "select key_id, state from dispatch.keys where state <> 'retired' order by since");
        await using var row = await command.ExecuteReaderAsync(ct);
        var keys = new List<(string Id, string State)>();
        while (await row.ReadAsync(ct))
        {
            keys.Add((row.GetString(0), row.GetString(1)));
        }

        return (keys.Single(key => key.State == "current").Id, [.. keys.Where(key => key.State == "retiring").Select(key => key.Id)]);
    }

    static async Task ExecuteAsync(
        NpgsqlConnection session, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(session, sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlCommand Command(NpgsqlConnection session, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, session);
        command.Parameters.AddRange(parameters);
        return command;
    }
}

/// <param name="Jobs">Data keys wrapped anew by this run.</param>
/// <param name="Old">Keys nothing depends on any more.</param>
sealed record RotationOutcome(string KeyId, int Jobs, IReadOnlyList<OldKey> Old);

/// <param name="File">Where it lies; null when a command gives it.</param>
sealed record OldKey(string KeyId, string? File);
