using System.Data;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Notices;

/// <summary>
/// Makes the notices of jobs that are completed, and of letters released from them later: set by set, in the database.
/// A notice that is there is not made again.
/// </summary>
sealed class NoticeMaking(NpgsqlDataSource database, NoticeSettings settings)
{
    const int JobsAtOnce = 16;

    // What was completed long ago is no news.
    const string DueSql = """
        select j.job_id, j.segment, n.job_id is not null
        from dispatch.jobs j left join dispatch.notice_runs n on n.job_id = j.job_id
        where j.state = 'completed' and coalesce(j.not_before <= clock_timestamp(), true)
          and case when n.job_id is null then j.completed_at > clock_timestamp() - $1
                   else j.job_id in (select r.job_id from dispatch.releases r where r.at > clock_timestamp() - $1)
                        and n.releases < (select count(*) from dispatch.releases r where r.job_id = j.job_id) end
        order by j.completed_at limit $2
        """;

    // $1 job, $2 its segment, $3 whether only rows that were released from it count, $4 the channels.
    const string LettersSql = """
        select distinct l.person_id from mailbox.letters l
        where l.segment = $2 and l.job_id = $1
          and not l.row_no <@ (select coalesce(range_agg(int4range(r.first_row, r.last_row, '[]')), '{}')
                               from mailbox.recalls r where r.job_id = $1)
          and (not $3 or exists (
              select from dispatch.releases r where r.job_id = l.job_id and r.row_no = l.row_no))
        """;

    // A company is told where it gave an address: its register knows no other sign of wanting it.
    const string OwnersSql = $"""
        insert into dispatch.notices (job_id, person_id, channel)
        select $1, p.person_id, c.channel
        from ({LettersSql}) l
        join (
            select person_id, email, phone, notify from register.people
            where notify <> 'none' and not removed and status <> 90
            union all
            select person_id, email, null, 'email' from register.companies where active and not removed
        ) p on p.person_id = l.person_id
        join unnest($4) c(channel) on case c.channel
            when 1 then p.email <> '' and p.notify in ('email', 'both')
            else p.phone <> '' and p.notify in ('sms', 'both') end
        order by p.person_id, c.channel
        on conflict do nothing
        """;

    // Grants are not passed on; what was granted under an older number counts.
    const string ReadersSql = $"""
        insert into dispatch.notices (job_id, person_id, channel)
        select distinct $1, p.person_id, c.channel
        from register.read_access a
        cross join lateral (
            select register.person_of(a.owner) as owner, register.person_of(a.reader) as reader offset 0) g
        join ({LettersSql}) l on l.person_id = g.owner
        join register.people p on p.person_id = g.reader and not p.removed and p.status <> 90
        join unnest($4) c(channel) on case c.channel
            when 1 then p.email <> '' and a.notify in ('email', 'both')
            else p.phone <> '' and a.notify in ('sms', 'both') end
        where a.notify <> 'none' and a.valid_from <= clock_timestamp()
          and (a.valid_to is null or a.valid_to > clock_timestamp()) and g.owner <> g.reader
        on conflict do nothing
        """;

    const string RunSql = """
        insert into dispatch.notice_runs as n (job_id, releases)
        select $1, count(*) from dispatch.releases where job_id = $1
        on conflict (job_id) do update set made_at = excluded.made_at, releases = excluded.releases
        """;

    // A nation is sorted and joined in memory, by one worker at a time.
    const string SortMemorySql = "set local work_mem = '256MB'";

    readonly short[] _channels =
    [
        .. settings.Email.Host.Length > 0 ? [(short)NoticeChannel.Email] : Array.Empty<short>(),
        .. settings.Sms.Url.Length > 0 ? [(short)NoticeChannel.Sms] : Array.Empty<short>(),
    ];

    /// <summary>Makes what is due to be made.</summary>
    /// <returns>Jobs and how many notices each got.</returns>
    public async Task<IReadOnlyList<(int JobId, int Notices)>> RunAsync(CancellationToken ct)
    {
        var made = new List<(int, int)>();
        if (_channels.Length == 0)
        {
            return made;
        }

        var (due, before) = (0, 0);
        do
        {
            before = made.Count;
            var jobs = await FindDueAsync(ct);
            due = jobs.Count;
            foreach (var (jobId, segment, isAgain) in jobs)
            {
                // It saves double work: the second one would wait for the first and then make nothing.
                await using var sole = await SessionLock.TryTakeAsync(database, $"notices {jobId}", ct);
                if (sole is not null)
                {
                    made.Add((jobId, await MakeAsync(jobId, segment, isAgain, ct)));
                }
            }
        }
        while (due == JobsAtOnce && made.Count > before);

        return made;
    }

    async Task<List<(int JobId, int Segment, bool IsAgain)>> FindDueAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(DueSql);
        command.Parameters.Add(new() { Value = settings.TryFor, NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(Integer(JobsAtOnce));
        await using var row = await command.ExecuteReaderAsync(ct);
        var due = new List<(int, int, bool)>();
        while (await row.ReadAsync(ct))
        {
            due.Add((row.GetInt32(0), row.GetInt32(1), row.GetBoolean(2)));
        }

        return due;
    }

    // One snapshot: a row released while this runs is seen by all of it, or is left to the next time.
    async Task<int> MakeAsync(int jobId, int segment, bool isAgain, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await ExecuteAsync(connection, SortMemorySql, ct);
        var made = await ExecuteAsync(connection, OwnersSql, ct, Parameters());
        made += await ExecuteAsync(connection, ReadersSql, ct, Parameters());
        await ExecuteAsync(connection, RunSql, ct, Integer(jobId));
        await Trail.NoteAsync(connection, Operator.Name, "notices", jobId, $"{made} made", ct);
        await transaction.CommitAsync(ct);
        return made;

        NpgsqlParameter[] Parameters() =>
        [
            Integer(jobId), Integer(segment), new() { Value = isAgain, NpgsqlDbType = NpgsqlDbType.Boolean },
            new() { Value = _channels, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint },
        ];
    }

    static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlParameter Integer(int value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer };
}
