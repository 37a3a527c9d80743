using System.Globalization;
using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database;

/// <summary>
/// Brings the schema up to date: each script once, in its own transaction, under one lock of the database. A process
/// killed anywhere leaves whole scripts only; the next one goes on.
/// </summary>
/// <param name="scripts">By version, without a gap.</param>
sealed class Migrator(NpgsqlDataSource dataSource, IReadOnlyList<MigrationScript> scripts)
{
    const long LockKey = 0x4449_5350_4154_4348; // "DISPATCH"

    const string Bootstrap = """
        create schema if not exists dispatch;
        create table if not exists dispatch.schema_versions (
            version    int primary key,
            name       text not null,
            sha256     bytea not null,
            applied_at timestamptz not null default clock_timestamp()
        );
        """;

    /// <summary>Brings the schema up to date.</summary>
    /// <returns>What was applied now, and what the server said meanwhile: rights an administrator must grant.</returns>
    /// <exception cref="DispatchException"><c>schema.changed</c>, <c>schema.newer</c>; exit 78.</exception>
    public async Task<MigrationResult> MigrateAsync(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var advice = new List<string>();
        connection.Notice += (_, e) =>
        {
            if (e.Notice.Severity == "WARNING")
            {
                advice.Add(e.Notice.MessageText);
            }
        };
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", ct);
        try
        {
            if (await ReadAppliedAsync(connection, ct) is not { } applied)
            {
                await ExecuteAsync(connection, Bootstrap, ct);
                applied = [];
            }

            Check(applied);
            var now = scripts.Where(s => s.Version > applied.Count).ToList();
            foreach (var script in now)
            {
                await ApplyAsync(connection, script, ct);
            }

            // A newer schema (one ahead is allowed) has the newer program's reasons; ours may lack some of them.
            if (applied.Count <= scripts.Count)
            {
                await FillReasonsAsync(connection, ct);
            }

            return new MigrationResult(scripts.Count, [.. now.Select(s => s.Name)], advice);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>Refuses a schema this program cannot work with, and changes nothing.</summary>
    /// <exception cref="DispatchException"><c>schema.old</c>, <c>schema.changed</c>,
    /// <c>schema.newer</c>; exit 78.</exception>
    public async Task CheckAsync(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var applied = await ReadAppliedAsync(connection, ct) ?? [];
        Check(applied);
        if (applied.Count < scripts.Count)
        {
            throw new DispatchException(
                "schema.old", $"the database has schema {applied.Count}, this program needs {scripts.Count};"
                + " run 'dispatch migrate'", ExitCode.Configuration);
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    // Null when nothing was ever applied. A user that may only read sees the same as the owner.
    static async Task<List<(int Version, byte[] Sha256)>?> ReadAppliedAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        await using (
            var exists = new NpgsqlCommand("select to_regclass('dispatch.schema_versions') is not null", connection))
        {
            if (!(bool)(await exists.ExecuteScalarAsync(ct))!)
            {
                return null;
            }
        }

        var applied = new List<(int, byte[])>();
        await using var command = new NpgsqlCommand(
            "select version, sha256 from dispatch.schema_versions order by version", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            applied.Add((reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)));
        }

        return applied;
    }

    // One version ahead is allowed: a schema is expanded first and contracted a version later, so that programs can be
    // replaced one at a time.
    void Check(List<(int Version, byte[] Sha256)> applied)
    {
        if (applied.Count > 0 && applied[^1].Version > scripts.Count + 1)
        {
            throw new DispatchException(
                "schema.newer",
                $"the database has schema {applied[^1].Version}, this program knows {scripts.Count} and works"
                + " with one more; use a newer program", ExitCode.Configuration);
        }

        foreach (var (script, (version, sha256)) in scripts.Zip(applied))
        {
            if (script.Version != version || !script.Sha256.AsSpan().SequenceEqual(sha256))
            {
                throw new DispatchException(
                    "schema.changed",
                    string.Create(CultureInfo.InvariantCulture, $"migration {version} of the database is")
                    + $" not this program's '{script.Version:D4}_{script.Name}.sql'; "
                    + "use the program the database was made with", ExitCode.Configuration);
            }
        }
    }

    static async Task ApplyAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, script.Sql, ct);
        await using var record = new NpgsqlCommand(
            "insert into dispatch.schema_versions (version, name, sha256) values ($1, $2, $3)", connection);
        record.Parameters.Add(new() { Value = script.Version, NpgsqlDbType = NpgsqlDbType.Integer });
        record.Parameters.Add(new() { Value = script.Name, NpgsqlDbType = NpgsqlDbType.Text });
        record.Parameters.Add(new() { Value = script.Sha256, NpgsqlDbType = NpgsqlDbType.Bytea });
        await record.ExecuteNonQueryAsync(ct);
        await NoteAsync(connection, script, ct);
        await transaction.CommitAsync(ct);
    }

    // A script may come before the one that makes the trail.
    static async Task NoteAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken ct)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('dispatch.events') is not null", connection);
        if (await exists.ExecuteScalarAsync(ct) is true)
        {
            var detail = string.Create(CultureInfo.InvariantCulture, $"{script.Version:D4}_{script.Name}");
            await Trail.NoteAsync(connection, Operator.Name, "migrate", null, detail, ct);
        }
    }

    // Written only when something differs: a login that is no owner may work with a schema that is up to date.
    static async Task FillReasonsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Differ = """
            select exists (select * from unnest($1, $2, $3) except select reason, effect, code from dispatch.reasons)
            """;
        const string Fill = """
            insert into dispatch.reasons as r (reason, effect, code) select * from unnest($1, $2, $3)
            on conflict (reason) do update set effect = excluded.effect, code = excluded.code
            where (r.effect, r.code) is distinct from (excluded.effect, excluded.code)
            """;
        await using var command = new NpgsqlCommand(Differ, connection);
        var reasons = Reasons.All.ToList();
        command.Parameters.Add(Array(NpgsqlDbType.Smallint, reasons.ConvertAll(r => (short)r).ToArray()));
        command.Parameters.Add(Array(NpgsqlDbType.Text, reasons.ConvertAll(r => r.Channel().Effect()).ToArray()));
        command.Parameters.Add(Array(NpgsqlDbType.Text, reasons.ConvertAll(r => r.Code()).ToArray()));
        if (await command.ExecuteScalarAsync(ct) is true)
        {
            command.CommandText = Fill;
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    static NpgsqlParameter Array(NpgsqlDbType type, object value) => new()
    {
        Value = value,
        NpgsqlDbType = NpgsqlDbType.Array | type,
    };
}

/// <param name="Version">The schema's version now.</param>
/// <param name="Applied">Names of the scripts applied now.</param>
/// <param name="Advice">What an administrator must still do.</param>
sealed record MigrationResult(int Version, IReadOnlyList<string> Applied, IReadOnlyList<string> Advice);
