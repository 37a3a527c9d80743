using System.Globalization;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Register.Changes;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Enrolments;

/// <summary>
/// Finds who became enrolled or ceased to be since the last search: those whom a change touched, and those who turned
/// 15. Each crossing is written once, with the letter that is owed for it.
/// </summary>
static class EnrolmentSearch
{
    const string LockSql = "select register.lock_import()";

    const string VersionSql = "select coalesce(max(version), 0) from register.versions";

    const string BeginSql =
        """
        insert into register.enrolment_runs (on_date, version)
        select $1, $2 where not exists (select from register.enrolment_runs)
        """;

    const string LastSql = "select on_date, version from register.enrolment_runs order by on_date desc limit 1";

    // $3 and $4: up to when, and up to which version, was searched. A change of number is no crossing: what the older
    // number was, the newer one is. A command that grants or lifts an exemption brings its letter along, whatever file
    // touches the person afterwards: what counts is where the last change of the exemption came from.
    const string CrossSql =
        """
        with touched as (
            select distinct on (e.person_id) e.person_id, e.was
            from register.events e
            where e.version > $4 and e.kind = 'person' and e.person_id is not null
            order by e.person_id, e.event_no),
        facts as (
            select p.person_id, p.cpr, p.birth_day, t.was, case when not p.removed then p.facts end as now
            from register.people p join touched t using (person_id)
            union all
            select p.person_id, p.cpr, p.birth_day, p.facts, p.facts
            from register.people p
            where p.birth_day between $3 - date '1900-01-01' - 5480 and $1 - date '1900-01-01' - 5475
              and register.turns_15(p.birth_day) > $3 and register.turns_15(p.birth_day) <= $1
              and not p.removed and not exists (select from touched t where t.person_id = p.person_id)),
        crossed as (
            select f.*, register.is_enrolled(f.now, f.birth_day, $1) as is_enrolled
            from facts f
            where register.is_enrolled(f.was, f.birth_day, $3) <> register.is_enrolled(f.now, f.birth_day, $1)
              and coalesce(f.was & 127, 0) not in (50, 60) and coalesce(f.now & 127, 0) not in (50, 60)
              and not (f.was is null and exists (
                  select from register.people o where o.current_cpr = f.cpr and o.status in (50, 60)))),
        causes as (
            select c.*, case
                when is_enrolled and (was is null or was & 127 in (5, 80)) and now & 127 = 1 then 'moved_in'
                when is_enrolled and was & 256 <> 0 then 'exemption_lifted'
                when is_enrolled and was & 127 <> 1 and now & 127 = 1 then 'got_address'
                when is_enrolled and register.turns_15(birth_day) > $3 then 'turned_15'
                when is_enrolled then 'signed_up'
                when now is null then 'removed'
                when now & 127 = 90 then 'died'
                when now & 256 <> 0 then 'exempted'
                when now & 127 in (5, 80) then 'left'
                when now & 127 in (3, 7, 20) then 'lost_address'
                when now & 127 = 70 then 'disappeared'
                else 'annulled' end as cause
            from crossed c),
        letters as (
            insert into register.own_letters (kind, cpr, made_on)
            select case cause when 'exempted' then 'exemption-receipt' when 'exemption_lifted' then 'exemption-lifted'
                              else 'welcome' end, c.cpr, $1
            from causes c
            where cause in ('turned_15', 'moved_in')
               or cause in ('exempted', 'exemption_lifted') and (
                   select f.sha256 is not null
                   from register.events e join register.change_files f on f.file_no = e.file_no
                   where e.number = c.cpr and e.kind = 'person' and e.version > $4
                     and coalesce(e.was, 0) & 256 <> coalesce((e.content ->> 'facts')::int, 0) & 256
                   order by e.effective_at desc limit 1)
            order by c.person_id)
        insert into register.enrolments (person_id, on_date, version, is_enrolled, cause)
        select person_id, $1, $2, is_enrolled, cause from causes
        """;

    const string EndSql =
        """
        insert into register.enrolment_runs as r (on_date, version, crossed) values ($1, $2, $3)
        on conflict (on_date) do update
        set version = excluded.version, crossed = r.crossed + excluded.crossed, ran_at = clock_timestamp()
        """;

    /// <summary>The register as it is now is where the first search begins.</summary>
    public static async Task BeginAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await RunAsync(connection, BeginSql, ct, Date(now), Version(await VersionAsync(connection, ct)));
    }

    /// <returns>How many crossed.</returns>
    public static async Task<int> RunAsync(NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, LockSql, ct);
        var version = await VersionAsync(connection, ct);
        await RunAsync(connection, BeginSql, ct, Date(now), Version(version));
        var (lastDate, lastVersion) = await LastAsync(connection, ct);
        var crossed = await RunAsync(
            connection, CrossSql, ct, Date(now), Version(version),
            new() { Value = lastDate, NpgsqlDbType = NpgsqlDbType.Date }, Version(lastVersion));
        await RunAsync(
            connection, EndSql, ct, Date(now), Version(version),
            new() { Value = crossed, NpgsqlDbType = NpgsqlDbType.Integer });
        if (crossed > 0)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"version {version}: {crossed} crossed the border");
            await Trail.NoteAsync(connection, Operator.Name, "enrolment", null, text, ct);
        }

        await transaction.CommitAsync(ct);
        return crossed;
    }

    static NpgsqlParameter Date(DateTimeOffset now) =>
        new() { Value = DanishDay.Of(now), NpgsqlDbType = NpgsqlDbType.Date };

    static NpgsqlParameter Version(long version) => new() { Value = version, NpgsqlDbType = NpgsqlDbType.Bigint };

    static async Task<(DateOnly Date, long Version)> LastAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LastSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetFieldValue<DateOnly>(0), row.GetInt64(1));
    }

    static async Task<long> VersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(VersionSql, connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task<int> RunAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
