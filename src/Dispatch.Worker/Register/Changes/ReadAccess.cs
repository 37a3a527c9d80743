using System.Text.Json;
using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Changes;

/// <summary>Lets somebody read a person's post, and ends it; both take effect at once.</summary>
static class ReadAccess
{
    const string ListSql =
        """
        select granted_by, valid_from, valid_to from register.read_access where owner = any($1)
        order by valid_from, reader
        """;

    const string OpenSql =
        """
        select distinct owner, reader from register.read_access
        where owner = any($1) and reader = any($2) and (valid_to is null or valid_to > $3)
        """;

    // The change comes after those of today that name a later hour, and ends the grant then; whoever says so wants it to
    // end now.
    const string EndNowSql =
        """
        with dropped as (
            delete from register.read_access where owner = $1 and reader = $2 and valid_from >= $3)
        update register.read_access set valid_to = $3
        where owner = $1 and reader = $2 and valid_from < $3 and (valid_to is null or valid_to > $3)
        """;

    /// <param name="grantedBy"><c>self</c>, <c>guardian</c> or <c>citizen-service</c>.</param>
    /// <param name="notify">How the reader is told of new post: <c>none</c>, <c>email</c>, <c>sms</c> or <c>both</c>.</param>
    /// <param name="until">The first moment it is no longer in force; null = open.</param>
    /// <exception cref="DispatchException"><c>person.number</c>, <c>person.unknown</c>, <c>person.no_guardian</c>,
    /// <c>read_access.self</c>, <c>read_access.past</c>; exit 2.</exception>
    public static Task<long?> GrantAsync(
        NpgsqlDataSource db, string owner, string reader, string grantedBy, string notify, DateTimeOffset? until,
        DateTimeOffset now, CancellationToken ct) =>
        CommandChange.RunAsync(db, $"read-access grant ({grantedBy})", now, async (connection, token) =>
        {
            var (from, to) = await FindAsync(connection, owner, reader, token);
            if (grantedBy == "guardian" && from.Guardian == 0)
            {
                throw Exemption.NoGuardianFault();
            }

            var content = new Dictionary<string, string> { ["granted_by"] = grantedBy, ["notify"] = notify };
            if (until is { } end)
            {
                if (end <= now)
                {
                    throw new DispatchException(
                        "read_access.past", "the last day is over; expected today or a later one", ExitCode.Usage);
                }

                content["valid_to"] = end.UtcDateTime.ToString("O");
            }

            // To the microsecond, as the database keeps it.
            var since = new DateTime(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
            return new("read_access", new(from.Cpr, to.Cpr, since), JsonSerializer.Serialize(content));
        }, null, ct);

    /// <returns>Null when there was none to end.</returns>
    public static async Task<long?> EndAsync(
        NpgsqlDataSource db, string owner, string reader, DateTimeOffset now, CancellationToken ct)
    {
        // Also what was granted under, or to, an older number: it is in force as well. Each once, whatever is found of it
        // afterwards.
        var ended = new HashSet<(uint Owner, uint Reader)>();
        long? last = null;
        while (await EndOneAsync(db, owner, reader, now, ended, ct) is { } version)
        {
            last = version;
        }

        return last;
    }

    /// <summary>The grants of an owner, without the readers: whom a support call is about is known to the caller.
    /// </summary>
    public static async Task<IReadOnlyList<Grant>> ListAsync(NpgsqlDataSource db, string owner, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var person = await RegisteredPerson.FindAsync(connection, owner, ct);
        await using var command = new NpgsqlCommand(ListSql, connection);
        command.Parameters.Add(new()
        {
            Value = await person.NumbersAsync(connection, ct),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        await using var row = await command.ExecuteReaderAsync(ct);
        var grants = new List<Grant>();
        while (await row.ReadAsync(ct))
        {
            grants.Add(new(row.GetString(0), row.GetDateTime(1), row.IsDBNull(2) ? null : row.GetDateTime(2)));
        }

        return grants;
    }

    static Task<long?> EndOneAsync(
        NpgsqlDataSource db, string owner, string reader, DateTimeOffset now, HashSet<(uint Owner, uint Reader)> ended,
        CancellationToken ct)
    {
        (uint Owner, uint Reader) pair = default;
        return CommandChange.RunAsync(db, "read-access end", now, async (connection, token) =>
        {
            var (from, to) = await FindAsync(connection, owner, reader, token);
            await using var command = new NpgsqlCommand(OpenSql, connection);
            foreach (var person in new[] { from, to })
            {
                command.Parameters.Add(new()
                {
                    Value = await person.NumbersAsync(connection, token),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                });
            }

            command.Parameters.Add(Instant(now));
            await using var row = await command.ExecuteReaderAsync(token);
            while (await row.ReadAsync(token))
            {
                pair = ((uint)row.GetInt64(0), (uint)row.GetInt64(1));
                if (ended.Add(pair))
                {
                    return new("read_access", new(pair.Owner, pair.Reader), Content: null);
                }
            }

            return null;
        }, (connection, _, token) => EndNowAsync(connection, pair, now, token), ct);
    }

    static async Task EndNowAsync(
        NpgsqlConnection connection, (uint Owner, uint Reader) pair, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(EndNowSql, connection);
        command.Parameters.Add(new() { Value = (long)pair.Owner, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (long)pair.Reader, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(Instant(now));
        await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlParameter Instant(DateTimeOffset now) =>
        new() { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    static async Task<(RegisteredPerson Owner, RegisteredPerson Reader)> FindAsync(
        NpgsqlConnection connection, string owner, string reader, CancellationToken ct)
    {
        var (from, to) = (await RegisteredPerson.FindAsync(connection, owner, ct),
            await RegisteredPerson.FindAsync(connection, reader, ct));
        return from.Cpr != to.Cpr ? (from, to) : throw new DispatchException(
            "read_access.self", "owner and reader are the same person; expected two", ExitCode.Usage);
    }
}

/// <param name="From">UTC.</param>
/// <param name="To">UTC; null = open.</param>
sealed record Grant(string GrantedBy, DateTime From, DateTime? To);
