using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Changes;

/// <summary>Makes the staged changes what the register says, under a new version, and writes their history.</summary>
static class ChangeApplication
{
    const string NewVersionSql =
        """
        insert into register.versions (people, companies)
        select coalesce(sum(people), 0), coalesce(sum(companies), 0)
        from (select people, companies from register.versions order by version desc limit 1) v
        returning version
        """;

    // Whoever is new comes in as one who is not there, so that one statement puts everybody.
    const string AddPeopleSql =
        """
        insert into register.people
            (cpr, person_id, facts, birth_day, status, removed, name, protected, exempt, voluntary, notify)
        select number, nextval('register.person_ids'), 0, 0, 0, true, '', false, false, false, 'none'
        from (
            select distinct number from register.staged_changes s where kind = 'person' and op = 'put'
              and not exists (select from register.people p where p.cpr = s.number)
            order by number) n
        """;

    const string AddCompaniesSql =
        """
        insert into register.companies (cvr, person_id, facts, removed, name, active, exempt)
        select number, nextval('register.person_ids'), 0, true, '', false, false
        from (
            select distinct number from register.staged_changes s where kind = 'company' and op = 'put'
              and not exists (select from register.companies c where c.cvr = s.number)
            order by number) n
        """;

    // Who is there afterwards is counted from what each change was and made: of one person's changes all but the first
    // and the last make up for one another. Nearly every change is the only one of its thing and follows the register's
    // own order, so that a million need not be sorted; those that follow one another are written in theirs.
    const string OnlyOnes = "where s.is_first and s.is_last";
    const string OneAfterAnother =
        "where not (s.is_first and s.is_last) order by s.number, s.effective_at, s.file_no, s.line";

    static readonly CompositeFormat HistorySql = CompositeFormat.Parse(
        """
        with written as (
            insert into register.events
                (kind, number, other, since, effective_at, op, content, file_no, line, person_id, was, version)
            select s.kind, s.number, s.other, s.since, s.effective_at, s.op, s.content, s.file_no, s.line,
                   coalesce(p.person_id, c.person_id),
                   case when s.kind not in ('person', 'company') then null
                        when not s.is_first then s.was
                        when not coalesce(p.removed, c.removed) then coalesce(p.facts, c.facts) end,
                   $1
            from register.staged_changes s
            left join register.people p on s.kind <> 'company' and p.cpr = s.number
            left join register.companies c on s.kind = 'company' and c.cvr = s.number
            {0}
            returning kind, (op = 'put')::int - (was is not null)::int as more),
        counts as (
            select coalesce(sum(more) filter (where kind = 'person'), 0) as people,
                   coalesce(sum(more) filter (where kind = 'company'), 0) as companies
            from written)
        update register.versions v set people = v.people + n.people, companies = v.companies + n.companies
        from counts n where v.version = $1
        """);

    const string PutPeopleSql =
        """
        update register.people p
        set facts = l.facts, birth_day = l.birth_day, status = l.status, current_cpr = l.current_cpr, removed = false,
            status_date = l.status_date, birth_date = l.birth_date, name = coalesce(l.name, ''), co = l.co,
            street = l.street, place = l.place, postcode = l.postcode, city = l.city, country = l.country,
            contact = l.contact, protected = l.protected, exempt = l.exempt, voluntary = l.voluntary,
            guardian = l.guardian, email = l.email, phone = l.phone, notify = l.notify
        from register.last_changes l
        where l.kind = 'person' and l.op = 'put' and p.cpr = l.number
        """;

    // A number that had become another one, by a change just before it too, still leads there: the letters under it are
    // that person's.
    const string RemovePeopleSql =
        """
        update register.people p
        set facts = 0, birth_day = 0, removed = true, status_date = null,
            status = case when coalesce(b.status, p.status) in (50, 60) then coalesce(b.status, p.status) else 0 end,
            current_cpr = case when b.status in (50, 60) then b.current_cpr
                               when b.status is null and p.status in (50, 60) then p.current_cpr end,
            birth_date = null, name = '', co = null, street = null, place = null, postcode = null, city = null,
            country = null, contact = null, protected = false, exempt = false, voluntary = false, guardian = null,
            email = null, phone = null, notify = 'none'
        from register.last_changes l
        left join (
            select distinct on (number) number, status, current_cpr from register.staged_changes
            where not is_last and kind = 'person' and op = 'put'
            order by number, effective_at desc, line desc) b on b.number = l.number
        where l.kind = 'person' and l.op = 'remove' and p.cpr = l.number
        """;

    const string PutCompaniesSql =
        """
        update register.companies p
        set facts = c.facts, removed = false, name = coalesce(c.name, ''), co = c.co, street = c.street,
            place = c.place, postcode = c.postcode, city = c.city, country = c.country, active = c.active,
            exempt = c.exempt, email = c.email
        from register.last_changes l cross join lateral jsonb_populate_record(null::register.companies, l.content) c
        where l.kind = 'company' and l.op = 'put' and p.cvr = l.number
        """;

    const string RemoveCompaniesSql =
        """
        update register.companies p
        set facts = 0, removed = true, name = '', co = null, street = null, place = null, postcode = null, city = null,
            country = null, active = false, exempt = false, email = null
        from register.last_changes l
        where l.kind = 'company' and l.op = 'remove' and p.cvr = l.number
        """;

    const string PutAccessSql =
        """
        insert into register.read_access as a (owner, reader, granted_by, valid_from, valid_to, notify)
        select l.number, l.other, c.granted_by, l.since, c.valid_to, c.notify
        from (
            select distinct on (number, other, since) * from register.staged_changes
            where kind = 'read_access' and op = 'put'
            order by number, other, since, effective_at desc, line desc) l
        cross join lateral jsonb_populate_record(null::register.read_access, l.content) c
        on conflict (owner, reader, valid_from) do update
        set granted_by = excluded.granted_by, valid_to = excluded.valid_to, notify = excluded.notify
        """;

    // A removal ends what was in force, and takes away what had not begun. What was put after it stays.
    const string EndedAccess =
        """
        (
            select a.owner, a.reader, a.valid_from, min(s.effective_at) as ended_at
            from register.staged_changes s
            join register.read_access a on a.owner = s.number and a.reader = s.other
             and (a.valid_from = s.since or s.since = '-infinity')
            where s.kind = 'read_access' and s.op = 'remove'
              and not exists (
                  select from register.staged_changes t
                  where t.kind = 'read_access' and t.op = 'put' and t.number = a.owner and t.other = a.reader
                    and t.since = a.valid_from and t.effective_at > s.effective_at)
            group by 1, 2, 3) e
        where a.owner = e.owner and a.reader = e.reader and a.valid_from = e.valid_from
        """;

    const string EndAccessSql =
        $"""
        update register.read_access a set valid_to = e.ended_at
        from {EndedAccess} and a.valid_from < e.ended_at and (a.valid_to is null or a.valid_to > e.ended_at)
        """;

    const string DropAccessSql =
        $"delete from register.read_access a using {EndedAccess} and a.valid_from >= e.ended_at";

    const string EndRegistrationsSql =
        """
        delete from register.registrations r using register.last_changes l
        where l.kind = 'registration' and l.op = 'remove' and r.sender_cvr = l.other and r.cpr = l.number
        """;

    const string PutRegistrationsSql =
        """
        insert into register.registrations (cpr, sender_cvr)
        select number, other from register.last_changes where kind = 'registration' and op = 'put'
        on conflict do nothing
        """;

    /// <summary>Each kind's puts and removals, in this order; each is one reading of all changes.</summary>
    static readonly (string Kind, string Op, string Sql)[] Steps =
    [
        ("person", "put", PutPeopleSql), ("person", "remove", RemovePeopleSql),
        ("company", "put", PutCompaniesSql), ("company", "remove", RemoveCompaniesSql),
        ("read_access", "put", PutAccessSql), ("read_access", "remove", EndAccessSql),
        ("read_access", "remove", DropAccessSql),
        ("registration", "remove", EndRegistrationsSql), ("registration", "put", PutRegistrationsSql),
    ];

    /// <param name="staged">What there is among the changes.</param>
    /// <returns>The version.</returns>
    public static async Task<long> RunAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(string Kind, string Op)> staged, CancellationToken ct)
    {
        await RunAsync(connection, AddPeopleSql, ct);
        await RunAsync(connection, AddCompaniesSql, ct);
        await using var newVersion = new NpgsqlCommand(NewVersionSql, connection);
        var version = (long)(await newVersion.ExecuteScalarAsync(ct))!;

        // Before anything is put, because it tells what was.
        foreach (var which in new[] { OnlyOnes, OneAfterAnother })
        {
            await RunAsync(
                connection, string.Format(CultureInfo.InvariantCulture, HistorySql, which), ct,
                new NpgsqlParameter { Value = version, NpgsqlDbType = NpgsqlDbType.Bigint });
        }

        foreach (var (_, _, sql) in Steps.Where(step => staged.Contains((step.Kind, step.Op))))
        {
            await RunAsync(connection, sql, ct);
        }

        return version;
    }

    static async Task RunAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(ct);
    }
}
