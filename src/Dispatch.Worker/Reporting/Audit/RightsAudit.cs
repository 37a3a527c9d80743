using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-39: nobody has a right that docs/grants.csv does not give, and readers are bound to their mailbox. What the
/// database itself and schema <c>public</c> allow is left to <c>dispatch doctor</c>: on somebody else's server it is
/// not dispatch's.
/// </summary>
static class RightsAudit
{
    const string Id = "I-39";

    const string Promise = "nobody may do more than the matrix of grants says, and readers see their own mailbox only";

    // A newer program's schema has grants that this one does not know.
    const string AppliesSql = "select max(version) <= $1 from dispatch.schema_versions";

    // The whole of it, as the catalog tells it: what begins alike may end in "or true".
    const string OwnMailbox = "((person_id = ANY (( SELECT mailbox.ticket_people() AS ticket_people)::integer[])) AND "
        + "(available_at <= now()) AND (NOT mailbox.is_recalled(job_id, row_no)))";

    const string BoundsSql = """
        with roles as (
            select * from pg_roles where rolname = any($1)
        ), ours as (
            select oid, nspname from pg_namespace
            where nspname in ('register', 'dispatch', 'mailbox', 'ops', 'scheduler')
        )
        select format('role %s is a superuser, bypasses row security, or may make roles or databases', rolname)
        from roles
        where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
        union all
        select format('role %s is a member of %s', r.rolname, m.roleid::regrole)
        from pg_auth_members m join roles r on r.oid = m.member
        union all
        select format('role %s owns %s', r.rolname, c.oid::regclass)
        from pg_class c join ours s on s.oid = c.relnamespace join roles r on r.oid = c.relowner
        union all
        select 'row security is off on mailbox.letters'
        from pg_class where oid = 'mailbox.letters'::regclass and not relrowsecurity
        union all
        select format('policy %s lets readers see other mailboxes', policyname)
        from pg_policies
        where schemaname = 'mailbox' and tablename = 'letters' and roles && array['public', $2]::name[]
          and (regexp_replace(qual, '\s+', ' ', 'g') is distinct from $3 or permissive <> 'PERMISSIVE')
        """;

    public static async Task<InvariantResult> RunAsync(AuditScope scope, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var applies = await AppliesAsync(scope, ct);
        var found = applies ? await FindAsync(scope, ct) : [];
        var first = found.Order(StringComparer.Ordinal).Take(InvariantResult.OffendersMax + 1)
            .Select(finding => new Offender(null, null, null, null, finding)).ToList();
        return InvariantResult.Of(Id, Promise, applies, first, time.GetElapsedTime(start));
    }

    static async Task<bool> AppliesAsync(AuditScope scope, CancellationToken ct)
    {
        await using var command = scope.Snapshot.Command(
            AppliesSql, new NpgsqlParameter { Value = MigrationScript.All.Count, NpgsqlDbType = NpgsqlDbType.Integer });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    static async Task<List<string>> FindAsync(AuditScope scope, CancellationToken ct)
    {
        await using var catalog = scope.Snapshot.Command(GrantMatrix.CatalogSql);
        var grants = GrantMatrix.BeyondAllowed(await GrantMatrix.ReadAsync(catalog, ct));
        var found = grants.Where(grant => !grant.IsOfServer).Select(grant => grant.ToString()).ToList();

        await using var bounds = scope.Snapshot.Command(
            BoundsSql,
            new NpgsqlParameter
            {
                Value = DatabaseRoles.All.ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            },
            new NpgsqlParameter { Value = DatabaseRoles.Reader, NpgsqlDbType = NpgsqlDbType.Text },
            new NpgsqlParameter { Value = OwnMailbox, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await bounds.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            found.Add(row.GetString(0));
        }

        return found;
    }
}
