using Dispatch.Routing;
using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database;

/// <summary>
/// Which key-encryption key the jobs of this database are wrapped under, by id. Whoever stores a data key takes the row
/// of the current one shared, so that a rotation that has begun finds every data key under the one before.
/// </summary>
static class KeyTable
{
    const string InUseSql = "select exists (select from dispatch.jobs where data_key is not null)";

    const string CurrentSql = "select key_id from dispatch.keys where state = 'current'";

    // Nothing is wrapped, so nothing is lost with the key before.
    const string RetireSql =
        "update dispatch.keys set state = 'retired', retired_at = clock_timestamp() where state <> 'retired'";

    const string PutSql = """
        with put as (
            insert into dispatch.keys (key_id, state) values ($1, 'current')
            on conflict (key_id) do update set state = 'current', since = clock_timestamp(), retired_at = null
            returning key_id
        )
        insert into dispatch.events (actor, action, detail) select $2, 'key_taken', 'key ' || key_id from put
        """;

    /// <summary>Opens the keys, makes one for a new installation, and takes the one into use that the database names.
    /// </summary>
    /// <exception cref="DispatchException"><c>key.*</c>, exit 78: nothing may be sealed.</exception>
    public static async Task<KeyRing> OpenRingAsync(
        NpgsqlDataSource database, KeySource source, string actor, CancellationToken ct)
    {
        var isInUse = await IsInUseAsync(database, ct);
        var ring = await KeyRing.OpenAsync(source, mayCreate: !isInUse, ct);
        var current = await ReadCurrentAsync(database, ct);
        if (current is null || !isInUse && current != ring.FirstKeyId)
        {
            await AdoptAsync(database, ring.FirstKeyId, actor, ct);
            current = await ReadCurrentAsync(database, ct);
        }

        await ring.UseAsync(current!, ct);
        return ring;
    }

    /// <summary>The key new data keys must be wrapped under, held until the transaction ends.</summary>
    public static async Task<string> HoldCurrentAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(CurrentSql + " for share", connection);

        // A rotation that committed while this waited leaves nothing of the row it looked for: ask once more.
        return await command.ExecuteScalarAsync(ct) as string ?? await command.ExecuteScalarAsync(ct) as string
            ?? throw new InvalidOperationException("no key-encryption key is in use");
    }

    static async Task AdoptAsync(NpgsqlDataSource database, string keyId, string actor, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alone = new NpgsqlCommand("lock table dispatch.keys in share row exclusive mode", connection))
        {
            await alone.ExecuteNonQueryAsync(ct);
        }

        // Somebody may have been first, and may have stored a data key since.
        await using var look = new NpgsqlCommand($"select ({InUseSql}), ({CurrentSql})", connection);
        await using (var row = await look.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            var current = await row.IsDBNullAsync(1, ct) ? null : row.GetString(1);
            if (current == keyId || current is not null && row.GetBoolean(0))
            {
                return;
            }
        }

        await using (var retire = new NpgsqlCommand(RetireSql, connection))
        {
            await retire.ExecuteNonQueryAsync(ct);
        }

        await using var put = new NpgsqlCommand(PutSql, connection);
        put.Parameters.Add(new() { Value = keyId, NpgsqlDbType = NpgsqlDbType.Text });
        put.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        await put.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    static async Task<bool> IsInUseAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(InUseSql);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    static async Task<string?> ReadCurrentAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(CurrentSql);
        return await command.ExecuteScalarAsync(ct) as string;
    }
}
