using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Scheduling;

/// <summary>Which runs there were of a schedule: the key, schedule and local date, is what makes one happen once. The
/// database's clock says what is due.</summary>
/// <param name="at">Local time, as <see cref="DailyCalendar"/> wants it.</param>
sealed class DailyRuns(NpgsqlDataSource database, WorkKind kind, string at)
{
    // The night before the first worker was started is nobody's to make up for.
    const string FirstSql = """
        insert into dispatch.runs (schedule, business_date, node, finished_at, outcome)
        select $1, $2, 'none', clock_timestamp(), 'before the first worker'
        where not exists (select from dispatch.runs where schedule = $1)
        on conflict do nothing
        """;

    const string DueSql = """
        select not exists (
            select from dispatch.runs where schedule = $1 and business_date >= $2 and finished_at is not null)
        """;

    const string BeginSql = """
        insert into dispatch.runs (schedule, business_date, node) values ($1, $2, $3)
        on conflict (schedule, business_date) do update set node = excluded.node, started_at = clock_timestamp()
        where dispatch.runs.finished_at is null
        """;

    const string EndSql = """
        update dispatch.runs set finished_at = clock_timestamp(), outcome = $3, has_failed = $4
        where schedule = $1 and business_date = $2 and finished_at is null
        """;

    const string FailedSql = """
        select schedule || ' of ' || business_date || ': ' || outcome from (
            select distinct on (schedule) schedule, business_date, outcome, has_failed
            from dispatch.runs where finished_at is not null order by schedule, business_date desc) last
        where has_failed order by schedule
        """;

    public WorkKind Kind => kind;

    /// <summary>Its name in the table of runs, and that of the lock of who makes one.</summary>
    public string Schedule { get; } = kind.ToString().ToLowerInvariant();

    /// <summary>What the scheduler starts.</summary>
    public Work Work { get; } = new(kind, JobId: 0, ShardNo: 0, IsSmall: true);

    /// <summary>The date whose run is due and was not made; null when there is none.</summary>
    public async Task<DateOnly?> FindDueAsync(CancellationToken ct)
    {
        await using var clock = database.CreateCommand("select clock_timestamp()");
        return await FindDueAsync(
            new DateTimeOffset((DateTime)(await clock.ExecuteScalarAsync(ct))!, TimeSpan.Zero), ct);
    }

    /// <summary>The same at another time than the database's.</summary>
    public async Task<DateOnly?> FindDueAsync(DateTimeOffset now, CancellationToken ct)
    {
        var date = DailyCalendar.DueDate(now, at);
        await using var first = Command(FirstSql, date);
        await first.ExecuteNonQueryAsync(ct);
        await using var due = Command(DueSql, date);
        return await due.ExecuteScalarAsync(ct) is true ? date : null;
    }

    /// <returns>False when the run was made already.</returns>
    public async Task<bool> BeginAsync(DateOnly date, string node, CancellationToken ct)
    {
        await using var command = Command(BeginSql, date, node);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <param name="hasFailed">Something an operator has to look at.</param>
    public async Task EndAsync(DateOnly date, string outcome, bool hasFailed, CancellationToken ct)
    {
        await using var command = Command(EndSql, date, outcome);
        command.Parameters.Add(new() { Value = hasFailed, NpgsqlDbType = NpgsqlDbType.Boolean });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The schedules whose last run failed, and how.</summary>
    public static async Task<IReadOnlyList<string>> ListFailedAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var failed = new List<string>();
        await using var command = database.CreateCommand(FailedSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            failed.Add(row.GetString(0));
        }

        return failed;
    }

    NpgsqlCommand Command(string sql, DateOnly date, string? text = null)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = Schedule, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = date, NpgsqlDbType = NpgsqlDbType.Date });
        if (text is not null)
        {
            command.Parameters.Add(new() { Value = text, NpgsqlDbType = NpgsqlDbType.Text });
        }

        return command;
    }
}
