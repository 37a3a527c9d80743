using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.Worker.Tests.Database;

/// <summary>
/// Tries every kind of statement on every object of the database as each role: it must get through where
/// docs/grants.csv has the right, and be refused everywhere else.
/// </summary>
public sealed class ForbiddenStatementTests : IAsyncLifetime
{
    const string GeneratedAlways = "428C9";

    readonly TestDatabase _database = TestDatabase.Empty();
    readonly string _nobody = $"nobody_{Guid.NewGuid():N}";

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await new Migrator(_database.Owner, MigrationScript.All).MigrateAsync(default);
        await _database.ExecuteAsync("create table mailbox.letters_7 partition of mailbox.letters for values in (7)");
        await _database.ExecuteAsync("grant select, insert on mailbox.letters_7 to dispatch_worker");
        await using var superuser = await _database.OpenAsSuperuserAsync();
        await RunAsync(superuser, $"create role {_nobody}");
    }

    public async Task DisposeAsync()
    {
        await using (var superuser = await _database.OpenAsSuperuserAsync())
        {
            await RunAsync(superuser, $"drop role {_nobody}");
        }

        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(DatabaseRoles.Worker)]
    [InlineData(DatabaseRoles.Reader)]
    [InlineData(DatabaseRoles.Auditor)]
    [InlineData("")]
    public async Task Statement_OnAnyObject_IsRefusedUnlessGranted(string role)
    {
        var tries = await TriesAsync();
        await using var connection = await OpenAsync(role);
        var faults = new List<string>();
        foreach (var one in tries)
        {
            var isAllowed = one.Needs.Any(grant => GrantMatrix.Allowed.Contains(grant with { Role = role })
                || GrantMatrix.Allowed.Contains(grant with { Role = "PUBLIC" }));
            var state = await StateAsync(connection, one.Sql);
            if (isAllowed == IsRefusal(state, one.IsOnView && !isAllowed))
            {
                faults.Add($"{one.Sql}: {state ?? "done"}, though it is {(isAllowed ? "granted" : "not granted")}");
            }
        }

        Assert.True(tries.Count > 500, $"only {tries.Count} statements");
        Assert.Equal([], faults);
    }

    [Theory]
    [InlineData(DatabaseRoles.Worker)]
    [InlineData(DatabaseRoles.Reader)]
    [InlineData(DatabaseRoles.Auditor)]
    [InlineData("")]
    public async Task Statement_OutOfBounds_IsRefusedToEverybody(string role)
    {
        await using var connection = await OpenAsync(role);
        var faults = new List<string>();
        foreach (var sql in OutOfBounds.Concat(OtherRoles(role)))
        {
            var state = await StateOfAsync(connection, sql);
            if (state != PostgresErrorCodes.InsufficientPrivilege)
            {
                faults.Add($"{sql}: {state ?? "done"}");
            }
        }

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task Grant_ByAGrantee_GivesNothingAway()
    {
        await using var connection = await OpenAsync(DatabaseRoles.Worker);

        // Refused with a warning only.
        await RunAsync(connection, "grant select on dispatch.jobs to public");
        await RunAsync(connection, "grant usage on schema register to dispatch_reader");

        await using var catalog = _database.Owner.CreateCommand(GrantMatrix.CatalogSql);
        Assert.Empty(GrantMatrix.BeyondAllowed(await GrantMatrix.ReadAsync(catalog, default)));
    }

    static readonly string[] OutOfBounds =
    [
        "create schema mine",
        "create table public.mine (x int)",
        "create table mailbox.mine (x int)",
        "create temporary table mine (x int)",
        "create view ops.mine as select 1",
        "create function mailbox.mine() returns int language sql as 'select 1'",
        "create sequence register.mine",
        "create type dispatch.mine as enum ('a')",
        "create publication mine",
        "create event trigger mine on ddl_command_start "
            + "execute function pg_catalog.suppress_redundant_updates_trigger()",
        "create role mine",
        "alter role dispatch_reader superuser",
        "alter role dispatch_reader bypassrls",
        "grant dispatch_worker to dispatch_reader",
        "grant pg_read_all_data to dispatch_auditor",
        "alter system set fsync = off",
        "set session_replication_role = replica",
        "copy (select 1) to program 'true'",
        "copy (select 1) to '/tmp/mine'",
        "select pg_read_file('/etc/passwd')",
        "select pg_ls_dir('/')",
        "select pg_reload_conf()",
        "select lo_import('/etc/passwd')",
        "select * from pg_catalog.pg_authid",
        "select * from pg_catalog.pg_statistic",
        "alter table mailbox.letters disable row level security",
        "alter policy own_mailbox on mailbox.letters using (true)",
        "create policy mine on mailbox.letters using (true)",
        "alter view mailbox.inbox set (security_barrier = false)",
        "alter function mailbox.ticket_person() security invoker",
        "drop function mailbox.ticket_person()",
        "create or replace function mailbox.ticket_person() returns int language sql as 'select 1'",
        "alter table mailbox.letters detach partition mailbox.letters_7",
        "drop schema register cascade",
        "reindex table register.people",
        "cluster register.people using people_pk",
    ];

    static IEnumerable<string> OtherRoles(string role)
    {
        string[] roles =
        [
            DatabaseRoles.Worker, DatabaseRoles.Reader, DatabaseRoles.Auditor, EmbeddedRoles.Owner,
            "postgres", "pg_monitor",
        ];
        return roles.Where(other => other != role).Select(other => $"set role {other}");
    }

    async Task<NpgsqlConnection> OpenAsync(string role)
    {
        var connection = await _database.OpenAsSuperuserAsync();
        await RunAsync(connection, $"set session authorization {(role.Length > 0 ? role : _nobody)}");
        return connection;
    }

    async Task<List<Try>> TriesAsync()
    {
        const string Relations = """
            select nspname || '.' || relname,
                   nspname || '.' || case when relispartition then 'letters_*' else relname end,
                   relkind::text,
                   array(select attname::text from pg_attribute
                         where attrelid = c.oid and attnum > 0 and not attisdropped)
            from pg_class c join pg_namespace n on n.oid = relnamespace
            where relkind in ('r', 'p', 'v', 'S') and nspname in ('register', 'dispatch', 'mailbox', 'ops', 'scheduler')
            """;
        const string Functions = """
            select nspname || '.' || proname, pg_get_function_identity_arguments(p.oid),
                   array(select format('null::%s', t::regtype) from unnest(proargtypes) t)
            from pg_proc p join pg_namespace n on n.oid = pronamespace
            where nspname in ('register', 'dispatch', 'mailbox', 'ops', 'scheduler')
            """;
        var tries = new List<Try>();
        await using var connection = await _database.Owner.OpenConnectionAsync();
        await using (var command = new NpgsqlCommand(Relations, connection))
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                tries.AddRange(row.GetString(2) == "S"
                    ? OnSequence(row.GetString(0))
                    : OnTable(
                        row.GetString(0), row.GetString(1), row.GetString(2) == "v", row.GetFieldValue<string[]>(3)));
            }
        }

        await using var functions = new NpgsqlCommand(Functions, connection);
        await using var function = await functions.ExecuteReaderAsync();
        while (await function.ReadAsync())
        {
            var (name, arguments) = (function.GetString(0), string.Join(", ", function.GetFieldValue<string[]>(2)));
            tries.Add(new(
                $"select {name}({arguments})", false,
                [new("", "function", $"{name}({function.GetString(1)})", "EXECUTE")]));
        }

        return tries;
    }

    static IEnumerable<Try> OnTable(string name, string matrixName, bool isView, string[] columns)
    {
        Grant On(string privilege) => new("", isView ? "view" : "table", matrixName, privilege);
        Try Of(string sql, params string[] privileges) => new(sql, isView, [.. privileges.Select(On)]);
        foreach (var column in columns)
        {
            Grant OnColumn(string privilege) => new("", "column", $"{matrixName}.{column}", privilege);
            yield return new($"select {column} from {name} limit 1", isView, [On("SELECT"), OnColumn("SELECT")]);
            yield return new($"update {name} set {column} = default", isView, [On("UPDATE"), OnColumn("UPDATE")]);
        }

        yield return Of($"insert into {name} default values", "INSERT");
        yield return Of($"delete from {name}", "DELETE");
        yield return Of($"truncate {name}", "TRUNCATE");
        yield return Of($"copy {name} to stdout", "SELECT");
        yield return Of($"copy {name} from stdin", "INSERT");
        yield return Of($"lock table {name} in access exclusive mode", "UPDATE", "DELETE", "TRUNCATE");
        yield return Of($"comment on {(isView ? "view" : "table")} {name} is 'mine'");
        yield return Of($"alter table {name} owner to current_user");
        yield return Of($"drop {(isView ? "view" : "table")} {name} cascade");
        if (!isView)
        {
            yield return Of($"create index on {name} ({columns[0]})");
            yield return Of($"alter table {name} add column mine int");
            yield return Of(
                $"create trigger mine before update on {name} "
                    + "execute function pg_catalog.suppress_redundant_updates_trigger()",
                "TRIGGER");
        }
    }

    static IEnumerable<Try> OnSequence(string name)
    {
        Try Of(string sql, params string[] privileges) =>
            new(sql, false, [.. privileges.Select(p => new Grant("", "sequence", name, p))]);
        yield return Of($"select nextval('{name}')", "USAGE", "UPDATE");
        yield return Of($"select setval('{name}', 1)", "UPDATE");
        yield return Of($"select last_value from {name}", "SELECT");
        yield return Of($"drop sequence {name} cascade");
    }

    // What cannot be done to a view at all is refused before anybody asks for rights.
    static bool IsRefusal(string? state, bool isOnView) => state == PostgresErrorCodes.InsufficientPrivilege
        || isOnView && state is PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.WrongObjectType
            or PostgresErrorCodes.FeatureNotSupported or GeneratedAlways;

    // Whatever it did is taken back.
    static async Task<string?> StateAsync(NpgsqlConnection connection, string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        return await StateOfAsync(connection, sql);
    }

    // Null when it went through.
    static async Task<string?> StateOfAsync(NpgsqlConnection connection, string sql)
    {
        try
        {
            if (sql.EndsWith("from stdin", StringComparison.Ordinal))
            {
                await using var import = await connection.BeginTextImportAsync(sql);
            }
            else if (sql.EndsWith("to stdout", StringComparison.Ordinal))
            {
                using var export = await connection.BeginTextExportAsync(sql);
                await export.ReadToEndAsync();
            }
            else
            {
                await RunAsync(connection, sql);
            }

            return null;
        }
        catch (PostgresException fault)
        {
            return fault.SqlState;
        }
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <param name="Needs">Any of these rights, of whatever role; none when only the owner may do it.</param>
    sealed record Try(string Sql, bool IsOnView, IReadOnlyList<Grant> Needs);
}
