using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>
/// Who may do what, as docs/grants.csv tells it: one line for each role and object. The file is part of the program, so
/// that a database can be compared with it wherever it is.
/// </summary>
static class GrantMatrix
{
    public const string Header = "role;kind;object;privileges";

    const string Everybody = "PUBLIC";

    /// <summary>
    /// The same of a database: <c>role, kind, object, privilege</c>, without the owner, who may do everything. All
    /// leaves of the mailbox are one object. Of the defaults for objects to come only what is granted is told.
    /// </summary>
    public const string CatalogSql = """
        with schemas as (
            select oid, nspname, nspowner, nspacl from pg_namespace
            where nspname in ('register', 'dispatch', 'mailbox', 'ops', 'scheduler', 'public')
        ), ours as (
            select * from schemas where nspname <> 'public'
        ), owner as (
            select nspowner as oid from ours where nspname = 'dispatch'
        ), relations as (
            select c.oid, c.relkind, c.relowner, c.relacl, s.nspname || '.' || case
                       when c.relispartition then (
                           select relname || '_*' from pg_inherits join pg_class on pg_class.oid = inhparent
                           where inhrelid = c.oid)
                       else c.relname end as name
            from pg_class c join ours s on s.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        ), rights as (
            select 'database' as kind, ''::text as object, datdba as owner,
                   coalesce(datacl, acldefault('d', datdba)) as acl
            from pg_database where datname = current_database()
            union all
            select 'schema', nspname::text, nspowner, coalesce(nspacl, acldefault('n', nspowner)) from schemas
            union all
            select case relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end, name, relowner,
                   coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))
            from relations
            union all
            select 'column', r.name || '.' || a.attname, r.relowner, a.attacl
            from pg_attribute a join relations r on r.oid = a.attrelid where a.attacl is not null
            union all
            select 'function', s.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
                   p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
            from pg_proc p join ours s on s.oid = p.pronamespace
            union all
            select 'default', k.name, o.oid, coalesce(
                       (select defaclacl from pg_default_acl
                        where defaclrole = o.oid and defaclnamespace = 0 and defaclobjtype = k.kind),
                       acldefault(lower(k.kind::text)::"char", o.oid))
            from owner o,
                 (values ('r'::"char", 'tables'), ('S', 'sequences'), ('f', 'functions'), ('n', 'schemas'))
                     k(kind, name)
            union all
            select 'default', format('%s in %s', d.defaclobjtype, s.nspname), d.defaclrole, d.defaclacl
            from pg_default_acl d join schemas s on s.oid = d.defaclnamespace
        )
        select distinct case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end as role,
               r.kind, r.object, a.privilege_type as privilege
        from rights r, aclexplode(r.acl) a
        where a.grantee <> r.owner
        """;

    /// <summary>All that is granted, by docs/grants.csv.</summary>
    public static IReadOnlySet<Grant> Allowed { get; } = Read();

    /// <summary>The grants that a command of <see cref="CatalogSql"/> finds.</summary>
    public static async Task<IReadOnlySet<Grant>> ReadAsync(NpgsqlCommand catalog, CancellationToken ct)
    {
        var found = new HashSet<Grant>();
        await using var row = await catalog.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            found.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)));
        }

        return found;
    }

    /// <summary>What everybody and dispatch's own roles may do besides what the file says. What others may do is the
    /// administrator's business.</summary>
    public static IEnumerable<Grant> BeyondAllowed(IEnumerable<Grant> found) => found
        .Where(grant => grant.Role == Everybody || DatabaseRoles.All.Contains(grant.Role))
        .Where(grant => !Allowed.Contains(grant));

    /// <summary>The file as it should be for these grants.</summary>
    public static string Render(IEnumerable<Grant> grants)
    {
        var lines = grants.GroupBy(g => (g.Role, g.Kind, g.Object))
            .Select(g => string.Join(
                ';', g.Key.Role, g.Key.Kind, g.Key.Object,
                string.Join(' ', g.Select(one => one.Privilege).Order(StringComparer.Ordinal))))
            .Order(StringComparer.Ordinal);
        return string.Join('\n', lines.Prepend(Header)) + "\n";
    }

    static HashSet<Grant> Read()
    {
        using var reader = new StreamReader(typeof(GrantMatrix).Assembly.GetManifestResourceStream("grants.csv")!);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
        return
        [
            .. from line in lines
               let fields = line.Split(';')
               from privilege in fields[3].Split(' ')
               select new Grant(fields[0], fields[1], fields[2], privilege),
        ];
    }
}

/// <summary>A right somebody was given.</summary>
/// <param name="Kind"><c>database</c>, <c>schema</c>, <c>table</c>, <c>view</c>, <c>column</c>, <c>sequence</c>,
/// <c>function</c>
/// or <c>default</c>.</param>
/// <param name="Object">With its schema; empty for the database.</param>
readonly record struct Grant(string Role, string Kind, string Object, string Privilege)
{
    /// <summary>
    /// Of the database itself or of schema <c>public</c>: on somebody else's server not for dispatch to say.
    /// </summary>
    public bool IsOfServer => Kind == "database" || this is { Kind: "schema", Object: "public" };

    public override string ToString() => $"{Role} may {Privilege} {Kind} {Object}".TrimEnd();
}
