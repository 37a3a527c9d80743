using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Register.Changes;

/// <summary>What only shows when a change is seen beside others: each query gives the first one that is wrong.
/// </summary>
static class ChangeChecks
{
    public const string Conflict = "register.change_conflict";
    public const string Backwards = "register.change_backwards";
    public const string Unknown = "register.change_unknown";
    public const string GuardianLoop = "register.guardian_loop";

    const int GuardianStepsMax = 64;

    const string SameKey = "t.kind = s.kind and t.number = s.number and t.other = s.other and t.since = s.since";

    // Against those of the file before it (they are marked), those that took effect, and those that wait.
    const string OrderSql =
        $"""
        select code, kind, file_no, line, false from (
            select case when effective_at = before then '{Conflict}' else '{Backwards}' end as code, kind, file_no, line
            from (
                select kind, file_no, line, effective_at, max(effective_at) over (
                    partition by number, kind, other, since order by line
                    rows between unbounded preceding and 1 preceding) as before
                from register.staged_changes where not is_last) w
            where before >= effective_at
            union all
            select case when t.effective_at = s.effective_at then '{Conflict}' else '{Backwards}' end,
                   s.kind, s.file_no, s.line
            from register.staged_changes s join register.events t on {SameKey} and t.effective_at >= s.effective_at
            union all
            select '{Conflict}', s.kind, s.file_no, s.line
            from register.staged_changes s
            join register.pending_changes t on {SameKey} and t.effective_at = s.effective_at
        ) f
        order by file_no, line, code desc limit 1
        """;

    // A removal of what is not there would leave something in force that somebody wants gone.
    const string UnknownSql =
        $"""
        select '{Unknown}', kind, file_no, line, false from register.staged_changes s
        where op = 'remove' and not is_kept
          and not exists (
              select from register.staged_changes t
              where t.kind = s.kind and t.number = s.number and t.other = s.other and t.op = 'put'
                and (t.since = s.since or s.since = '-infinity') and t.effective_at <= s.effective_at)
          and not (kind = 'person' and exists (
              select from register.people p where p.cpr = s.number and not p.removed))
          and not (kind = 'company' and exists (
              select from register.companies c where c.cvr = s.number and not c.removed))
          and not (kind = 'read_access' and exists (
              select from register.read_access a
              where a.owner = s.number and a.reader = s.other and (a.valid_from = s.since or s.since = '-infinity')))
          and not (kind = 'registration' and exists (
              select from register.registrations r where r.sender_cvr = s.other and r.cpr = s.number))
        order by file_no, line limit 1
        """;

    // From everybody who is put and has or had a guardian, guardian by guardian as it will be: nobody may come back to
    // where they began.
    static readonly string GuardianLoopSql =
        $"""
        with recursive put as (
            select number as cpr, guardian, file_no, line, is_kept
            from register.last_changes
            where kind = 'person' and op = 'put' and guardian is not null
            union all
            select l.number, null, l.file_no, l.line, l.is_kept
            from register.people p join register.last_changes l on l.number = p.cpr
            where p.guardian is not null and l.kind = 'person' and l.op = 'put' and l.guardian is null
        ),
        walk as (
            select cpr as first, guardian, 1 as steps from put where guardian is not null
            union all
            select w.first, case when t.cpr is null then p.guardian else t.guardian end, w.steps + 1
            from walk w
            left join put t on t.cpr = w.guardian
            left join register.people p on p.cpr = w.guardian
            where w.guardian <> w.first and w.steps < {GuardianStepsMax}
        )
        select '{GuardianLoop}', 'person', t.file_no, t.line, t.is_kept
        from walk w join put t on t.cpr = w.first
        where w.guardian = w.first or (w.guardian is not null and w.steps = {GuardianStepsMax})
        order by t.is_kept, t.file_no, t.line limit 1
        """;

    public static Task<ChangeFault?> FindOrderFaultAsync(NpgsqlConnection connection, CancellationToken ct) =>
        FindAsync(connection, OrderSql, ct);

    public static Task<ChangeFault?> FindUnknownAsync(NpgsqlConnection connection, CancellationToken ct) =>
        FindAsync(connection, UnknownSql, ct);

    public static Task<ChangeFault?> FindGuardianLoopAsync(NpgsqlConnection connection, CancellationToken ct) =>
        FindAsync(connection, GuardianLoopSql, ct);

    /// <summary>What the operator is told of a fault in a file that is being read.</summary>
    public static DispatchException Refusal(ChangeFault fault, ChangeFile file)
    {
        string Message(string found, string column, string expected) =>
            $"{found} in '{file.Path}' line {fault.Line}, column '{column}'; expected {expected}; "
            + "correct the line and import the folder again";
        return new(fault.Code, fault.Code switch
        {
            Conflict => Message(
                "a change that is known with other content", "effective_at", "one change of a thing at one time"),
            Backwards => Message(
                "a change older than one that is known of the same thing", "effective_at", "changes in their order"),
            Unknown => Message(
                "a removal of what is not in the register", file.Kind.KeyColumns, "something that is there"),
            _ => Message("guardians in a circle", "guardian", "a guardian who is not, in the end, their own ward"),
        });
    }

    static async Task<ChangeFault?> FindAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetBoolean(4))
            : null;
    }
}
