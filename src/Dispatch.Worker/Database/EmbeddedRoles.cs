using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>Roles and database of the embedded cluster. Looked at before every use, so that a killed first start
/// heals.</summary>
static class EmbeddedRoles
{
    public const string Owner = "dispatch";
    public const string Database = "dispatch";

    const string EnsureOwner = """
        do $$
        begin
            if not exists (select from pg_roles where rolname = 'dispatch') then
                create role dispatch login;
            end if;
        end $$;
        """;

    // psql -U dispatch_auditor is how an auditor looks at a data folder.
    const string LetAuditorIn = """
        do $$
        begin
            if exists (select from pg_roles where rolname = 'dispatch_auditor' and not rolcanlogin) then
                alter role dispatch_auditor login;
            end if;
        end $$;
        """;

    static readonly string EnsureRoles = EnsureOwner + DatabaseRoles.Script(Owner) + LetAuditorIn;

    public static async Task EnsureAsync(
        Func<string, string, NpgsqlConnectionStringBuilder> connectAs, CancellationToken ct)
    {
        var builder = connectAs(ServerConfiguration.Superuser, "postgres");
        builder.Pooling = false;
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(ct);
        await using (var roles = new NpgsqlCommand(EnsureRoles, connection))
        {
            await roles.ExecuteNonQueryAsync(ct);
        }

        await using var exists = new NpgsqlCommand(
            "select count(*) from pg_database where datname = 'dispatch'", connection);
        if ((long)(await exists.ExecuteScalarAsync(ct))! == 0)
        {
            await using var create = new NpgsqlCommand("create database dispatch owner dispatch", connection);
            await create.ExecuteNonQueryAsync(ct);
        }
    }
}
