using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting;

/// <summary>Where a job stands: how far it is, and what it waits for.</summary>
/// <param name="Decided">Rows whose outcome is committed.</param>
/// <param name="Held">Rows that wait for an operator.</param>
/// <param name="IsLive">A process is at work on it now.</param>
/// <param name="WaitsFor">In words, with what to do; null when the job waits for nothing.</param>
/// <param name="WaitsUntil">Null when no clock will end the waiting.</param>
/// <param name="Seconds">Spent on it so far; 0 until known.</param>
sealed record JobStatus(
    string Id, string Sender, string Reference, string Title, string State, long Rows, long Decided, long Held,
    int Batches, int BatchesHandedOff, bool IsLive, string? WaitsFor, DateTime? WaitsUntil, DateTime SubmittedAt,
    DateTime? ReleasedAt, DateTime? CompletedAt, double Seconds)
{
    const int JobsMax = 1000;

    /// <summary>Letters of it that go out in an hour at most; null = no limit.</summary>
    public int? PerHour { get; init; }

    /// <summary>
    /// When the last letter goes out at that rate; null without one, and while an operator is waited for.
    /// </summary>
    public DateTime? ForecastEnd { get; init; }

    /// <summary>Null for a job without paper.</summary>
    public PaperStatus? Paper { get; init; }

    static readonly string Sql = $"""
        select j.job_id, j.sender_cvr, j.reference, j.title, j.state, j.rows, j.not_before, j.submitted_at,
               j.released_at, j.completed_at, coalesce((j.seconds ->> 'total')::float8, 0),
               coalesce(c.decided, 0), coalesce(h.held, 0), coalesce(b.batches, 0), coalesce(b.handed_off, 0),
               exists (select from pg_locks l
                       where l.locktype = 'advisory' and l.granted and l.objsubid = 2
                         and l.classid::bigint = {JobLock.LockClass} and l.objid::bigint = j.job_id
                         and l.database = (select oid from pg_database where datname = current_database())),
               (select coalesce(sum(value::bigint), 0)::bigint from jsonb_each_text(coalesce(j.planned, '{"{}"}'))
                where key like 'refused.%'),
               j.pause_reason, clock_timestamp(), j.cancelled_by is not null, s.code, s.retry_at,
               j.pace, {JobPace.NextTurn},
               case when j.state in ('received', 'checked', 'waiting', 'running') then
                   greatest({JobPace.NextTurn}, clock_timestamp(),
                       case when j.released_at is null then j.not_before end)
                   + (o.rows - o.last) * interval '1 hour' / j.pace end
        from (
            select * from dispatch.jobs where $1::int is null or job_id = $1 order by job_id desc limit {JobsMax}
        ) j
        left join lateral (
            select sum(rows)::bigint as decided from dispatch.chunks where job_id = j.job_id and state = 'done'
        ) c on true
        left join lateral (select count(*) as held from dispatch.held where job_id = j.job_id) h on true
        left join lateral (
            select count(*)::int as batches,
                   (count(*) filter (where state not in ('planned', 'composed')))::int as handed_off
            from dispatch.batches where job_id = j.job_id
        ) b on true
        left join lateral (
            select sum(rows) as rows, (array_agg(rows order by chunk_no desc))[1] as last
            from dispatch.chunks where j.pace is not null and job_id = j.job_id and state = 'open'
        ) o on true
        left join dispatch.setbacks s on s.job_id = j.job_id
        order by j.job_id desc
        """;

    /// <summary>All jobs, newest first; at most a thousand.</summary>
    public static Task<IReadOnlyList<JobStatus>> ListAsync(NpgsqlDataSource db, CancellationToken ct) =>
        ReadAsync(db, null, ct);

    /// <exception cref="Routing.DispatchException"><c>job.unknown</c>.</exception>
    public static async Task<JobStatus> FindAsync(NpgsqlDataSource db, int jobId, CancellationToken ct) =>
        (await ReadAsync(db, jobId, ct)) is [var job] ? job : throw JobName.Unknown($"{jobId}");

    public string ToJson() => ReportJson.Of(this);

    static async Task<IReadOnlyList<JobStatus>> ReadAsync(NpgsqlDataSource db, int? jobId, CancellationToken ct)
    {
        var jobs = new List<JobStatus>();
        await using var command = db.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = (object?)jobId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            jobs.Add(ReadRow(row));
        }

        return jobs;
    }

    static JobStatus ReadRow(NpgsqlDataReader row)
    {
        var wait = JobWait.Of(new(
            row.GetInt32(0), row.GetString(4), row.GetInt32(5), IsLive: row.GetBoolean(15),
            NotBefore: row[6] as DateTime?, Now: row.GetDateTime(18), PlannedRefused: row.GetInt64(16),
            Held: row.GetInt64(12),
            PauseReason: row[17] as string, IsBeingCancelled: row.GetBoolean(19),
            SetbackCode: row[20] as string, RetryAt: row[21] as DateTime?, Pace: row[22] as int?,
            NextTurn: row[23] as DateTime?));
        return new(
            $"{row.GetInt32(0)}",
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetInt32(5),
            row.GetInt64(11),
            row.GetInt64(12),
            row.GetInt32(13),
            row.GetInt32(14),
            row.GetBoolean(15),
            wait?.For,
            wait?.Until,
            row.GetDateTime(7),
            row[8] as DateTime?,
            row[9] as DateTime?,
            row.GetDouble(10))
        {
            PerHour = row[22] as int?,
            ForecastEnd = row[24] as DateTime?,
        };
    }
}
