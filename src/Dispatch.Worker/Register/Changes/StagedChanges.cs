using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Changes;

/// <summary>The changes this transaction is at work on, in their table: what is known already, what waits for a day to
/// come, and what waited for today.</summary>
sealed class StagedChanges(NpgsqlConnection connection, DateTime endOfToday)
{
    // One at a time, imports included; whoever asks for the version is not kept waiting. A million changes are sorted and
    // hashed several times: with the server's own limit all that would go by way of the disk.
    const string BeginSql =
        "select register.lock_import(); truncate register.staged_changes; set local work_mem = '256MB'";

    /// <summary>What a change of a person puts, as columns beside its content: those of register.people.</summary>
    public const string PersonColumns =
        "facts, birth_day, status, current_cpr, status_date, birth_date, name, co, street, place, postcode, city, "
        + "country, contact, protected, exempt, voluntary, guardian, email, phone, notify";

    /// <summary>To be joined where <see cref="PersonColumns"/> are wanted of a content: nulls for other kinds.</summary>
    public const string FromContent =
        "cross join lateral jsonb_populate_record("
        + "null::register.people, case when kind = 'person' then content end) p";

    const string EndSql = "truncate register.staged_changes";

    const string AnalyzeSql = "select register.analyze_changes()";

    const string SameKey =
        "t.kind = s.kind and t.number = s.number and t.other = s.other and t.since = s.since";

    const string SameChange =
        SameKey + " and t.effective_at = s.effective_at and t.op = s.op and t.content is not distinct from s.content";

    // Each a statement of its own: joined by "or", the three would be asked line by line.
    const string DropKnownSql = $"delete from register.staged_changes s using register.events t where {SameChange}";

    const string DropWaitingSql =
        $"delete from register.staged_changes s using register.pending_changes t where {SameChange}";

    // Nearly every change is the only one of its thing. The others are marked first, so that what sorts, or looks into
    // the content, looks at those alone. One whose others are gone since is put right by the ordering.
    const string MarkSql =
        """
        update register.staged_changes s set is_first = false, is_last = false
        from (
            select number, kind, other, since from register.staged_changes
            group by number, kind, other, since having count(*) > 1) t
        where t.number = s.number and t.kind = s.kind and t.other = s.other and t.since = s.since
        """;

    const string DropRepeatedSql =
        """
        delete from register.staged_changes s
        using (
            select ctid as place, row_number() over (
                partition by number, kind, other, since, effective_at, op, content order by line) as time
            from register.staged_changes where not is_last) t
        where s.ctid = t.place and t.time > 1
        """;

    const string KeepForLaterSql =
        """
        with later as (
            delete from register.staged_changes where effective_at >= $1
            returning kind, number, other, since, effective_at, op, content, file_no, line
        )
        insert into register.pending_changes
            (kind, number, other, since, effective_at, op, content, file_no, line)
        select * from later
        """;

    const string TakeDueSql =
        $"""
        insert into register.staged_changes
            (kind, number, other, since, effective_at, op, content, file_no, line, is_kept, {PersonColumns})
        select kind, number, other, since, effective_at, op, content, file_no, line, true, {PersonColumns}
        from register.pending_changes {FromContent}
        where effective_at < $1 and fault is null
        """;

    const string DropTakenSql =
        $"delete from register.pending_changes t using register.staged_changes s where s.is_kept and {SameKey} "
        + "and t.effective_at = s.effective_at";

    const string SetAsideSql =
        $"""
        with gone as (
            delete from register.staged_changes s where s.is_kept and s.file_no = $1 and s.line = $2
            returning s.*
        )
        update register.pending_changes t set fault = $3 from gone s where {SameKey}
            and t.effective_at = s.effective_at
        """;

    const string OrderSql =
        """
        update register.staged_changes s set is_first = step = 1, is_last = step = steps, was = t.was
        from (
            select ctid as place, lag(coalesce(facts, (content ->> 'facts')::int)) over thing as was, row_number() over thing as step,
                   count(*) over (partition by number, kind, other, since) as steps
            from register.staged_changes where not (is_first and is_last)
            window thing as (partition by number, kind, other, since order by effective_at, line)) t
        where s.ctid = t.place
        """;

    const string CountSql = "select kind, op, count(*)::int from register.staged_changes group by 1, 2";

    public Task BeginAsync(CancellationToken ct) => RunAsync(BeginSql, ct);

    public Task EndAsync(CancellationToken ct) => RunAsync(EndSql, ct);

    /// <summary>So that the queries over them are planned for as many as there are.</summary>
    public Task AnalyzeAsync(CancellationToken ct) => RunAsync(AnalyzeSql, ct);

    /// <returns>How many were taken in before.</returns>
    public async Task<int> DropKnownAsync(CancellationToken ct)
    {
        var known = await RunAsync(DropKnownSql, ct) + await RunAsync(DropWaitingSql, ct);
        await RunAsync(MarkSql, ct);
        return known + await RunAsync(DropRepeatedSql, ct);
    }

    /// <returns>How many wait for a day to come.</returns>
    public Task<int> KeepForLaterAsync(CancellationToken ct) => RunAsync(KeepForLaterSql, ct, Instant());

    public async Task<int> TakeDueAsync(CancellationToken ct)
    {
        var taken = await RunAsync(TakeDueSql, ct, Instant());
        if (taken > 0)
        {
            await AnalyzeAsync(ct);
            await RunAsync(MarkSql, ct);
        }

        return taken;
    }

    /// <summary>Finds the first and the last of those of one thing.</summary>
    public Task OrderAsync(CancellationToken ct) => RunAsync(OrderSql, ct);

    /// <summary>Those that waited for today are no longer waiting.</summary>
    public Task DropTakenAsync(CancellationToken ct) => RunAsync(DropTakenSql, ct);

    /// <summary>One that waited for today cannot take effect: it stays where it is, with the reason.</summary>
    public Task SetAsideAsync(ChangeFault fault, CancellationToken ct) => RunAsync(
        SetAsideSql, ct,
        new() { Value = fault.FileNo, NpgsqlDbType = NpgsqlDbType.Integer },
        new() { Value = fault.Line, NpgsqlDbType = NpgsqlDbType.Bigint },
        new() { Value = fault.Code, NpgsqlDbType = NpgsqlDbType.Text });

    /// <returns>How many there are of each kind, puts and removals apart.</returns>
    public async Task<Dictionary<(string Kind, string Op), int>> CountAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(CountSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        var counts = new Dictionary<(string, string), int>();
        while (await row.ReadAsync(ct))
        {
            counts.Add((row.GetString(0), row.GetString(1)), row.GetInt32(2));
        }

        return counts;
    }

    NpgsqlParameter Instant() => new() { Value = endOfToday, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    async Task<int> RunAsync(string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        // No limit: there may be millions, and an import of a whole nation to wait for.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
