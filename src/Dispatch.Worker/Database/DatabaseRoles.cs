using System.Globalization;
using Dispatch.Routing;
using Npgsql;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Database;

/// <summary>
/// The roles whose rights docs/grants.csv tells. They belong to the server, not to the database, so that no migration
/// can make them: whoever may create roles runs the same script, be it this program, the embedded server's superuser or
/// the administrator of somebody else's server.
/// </summary>
static class DatabaseRoles
{
    /// <summary>What every command works as.</summary>
    public const string Worker = "dispatch_worker";

    /// <summary>Reads one mailbox at a time, under a ticket.</summary>
    public const string Reader = "dispatch_reader";

    /// <summary>Reads the views of schema <c>ops</c>.</summary>
    public const string Auditor = "dispatch_auditor";

    public static readonly IReadOnlyList<string> All = [Worker, Reader, Auditor];

    // What a login may become is another question than what it inherits, since PostgreSQL 16.
    const string MissingSql = """
        select current_user::text, array(
            select wanted from unnest($1::text[]) with ordinality w(wanted, place)
            left join pg_roles r on r.rolname = wanted
            where r.oid is null
               or wanted = any($2) and not pg_has_role(current_user, r.oid,
                      case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
            order by place)
        """;

    /// <summary>
    /// Makes the roles that are missing and lets a login take those dispatch works as; safe to repeat.
    /// </summary>
    public static string Script(string login) => string.Create(CultureInfo.InvariantCulture, $"""
        do $roles$
        declare
            wanted text;
        begin
            foreach wanted in array array['{Worker}', '{Reader}', '{Auditor}'] loop
                begin
                    if not exists (select from pg_roles where rolname = wanted) then
                        execute format('create role %I nologin', wanted);
                    end if;
                exception
                    when duplicate_object or unique_violation then null;   -- made meanwhile, for another database
                end;
                if wanted <> '{Auditor}' and not pg_has_role({Literal(login)}, wanted,
                       case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end) then
                    execute format('grant %I to %I', wanted, {Literal(login)});
                end if;
            end loop;
        end $roles$;
        """);

    /// <summary>All an administrator must do on a server where dispatch may not do it.</summary>
    public static string ScriptForAdministrator(string login, string database) => $"""
        {AboutScript(login, database)}
        {Script(login)}
        revoke all on database {Identifier(database)} from public;
        grant connect, create on database {Identifier(database)} to {Identifier(login)};
        grant connect on database {Identifier(database)} to {string.Join(", ", All)};
        """;

    static string AboutScript(string login, string database) =>
        "-- What dispatch needs on this server. Run it in any database, as a superuser or as a user who may create "
        + $"roles and\n-- owns database {Identifier(database)}; safe to repeat. "
        + $"The user {Identifier(login)} and the database must be there.";

    /// <summary>Sees to it that the roles are there and the login may take them.</summary>
    /// <param name="login">Connections of the login itself.</param>
    /// <param name="mayMake">Make what is missing.</param>
    /// <exception cref="DispatchException"><c>database.roles</c>, exit 78.</exception>
    public static async Task EnsureAsync(NpgsqlDataSource login, bool mayMake, CancellationToken ct)
    {
        var (name, missing) = await FindMissingAsync(login, ct);
        if (missing.Length == 0)
        {
            return;
        }

        if (!mayMake)
        {
            throw Missing(missing, "run 'dispatch migrate'");
        }

        try
        {
            await using var command = login.CreateCommand(Script(name));
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw Missing(
                missing,
                "have an administrator run what 'dispatch migrate' or 'dispatch migrate --print-roles' prints");
        }
    }

    static async Task<(string Login, string[] Missing)> FindMissingAsync(NpgsqlDataSource login, CancellationToken ct)
    {
        await using var command = login.CreateCommand(MissingSql);
        command.Parameters.Add(Texts(All.ToArray()));
        command.Parameters.Add(Texts([Worker, Reader]));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetString(0), row.GetFieldValue<string[]>(1));
    }

    static DispatchException Missing(string[] roles, string remedy) => new(
        "database.roles",
        $"the database server lacks the roles {string.Join(", ", roles)}, or its user may not take them; "
        + $"expected them as docs/configuration.md says; {remedy}",
        ExitCode.Configuration);

    // Either form of a backslash would depend on a setting of the server.
    static string Literal(string text) => (text.Contains('\\', StringComparison.Ordinal) ? "E" : "")
        + $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
