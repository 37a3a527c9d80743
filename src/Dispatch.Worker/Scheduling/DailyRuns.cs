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
        update dispatch.runs set finished_at = clock_timestamp(), outcome = $3
        where schedule = $1 and business_date = $2 and finished_at is null
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

    public async Task EndAsync(DateOnly date, string outcome, CancellationToken ct)
    {
        await using var command = Command(EndSql, date, outcome);
        await command.ExecuteNonQueryAsync(ct);
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
