using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Changes;

/// <summary>A person wants a private sender's post digitally, or no longer; the next decision knows.</summary>
static class SenderRegistration
{
    const string FoundSql =
        "select cpr, sender_cvr from register.registrations where cpr = any($1) order by sender_cvr, cpr";

    // The key says it all.
    const string Content = "{}";

    /// <param name="number">The person's CPR number, as it was typed.</param>
    /// <param name="senderCvr">Eight digits.</param>
    /// <returns>The version of the register; null when it was so already.</returns>
    /// <exception cref="DispatchException"><c>person.number</c>, <c>person.unknown</c>; exit 2.</exception>
    public static Task<long?> AddAsync(
        NpgsqlDataSource db, string number, uint senderCvr, DateTimeOffset now, CancellationToken ct) =>
        CommandChange.RunAsync(db, "registration add", now, async (connection, token) =>
        {
            var (person, found) = await FindAsync(connection, number, token);
            return found.Exists(one => one.SenderCvr == senderCvr)
                ? null
                : new("registration", new(person.Cpr, senderCvr), Content);
        }, null, ct);

    /// <returns>The version of the register; null when there was none to end.</returns>
    public static async Task<long?> EndAsync(
        NpgsqlDataSource db, string number, uint senderCvr, DateTimeOffset now, CancellationToken ct)
    {
        // Of each of the person's numbers, which are few; each once, whatever is found of it afterwards.
        var ended = new HashSet<uint>();
        long? last = null;
        while (await EndOneAsync(db, number, senderCvr, now, ended, ct) is { } version)
        {
            last = version;
        }

        return last;
    }

    /// <returns>CVR numbers of the senders.</returns>
    public static async Task<IReadOnlyList<uint>> ListAsync(NpgsqlDataSource db, string number, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var (_, found) = await FindAsync(connection, number, ct);
        return [.. found.Select(one => one.SenderCvr).Distinct()];
    }

    static Task<long?> EndOneAsync(
        NpgsqlDataSource db, string number, uint senderCvr, DateTimeOffset now, HashSet<uint> ended,
        CancellationToken ct) =>
        CommandChange.RunAsync(db, "registration end", now, async (connection, token) =>
        {
            var (_, found) = await FindAsync(connection, number, token);
            var index = found.FindIndex(one => one.SenderCvr == senderCvr && ended.Add(one.Cpr));
            return index < 0 ? null : new("registration", new(found[index].Cpr, senderCvr), Content: null);
        }, null, ct);

    static async Task<(RegisteredPerson Person, List<(uint Cpr, uint SenderCvr)> Found)> FindAsync(
        NpgsqlConnection connection, string number, CancellationToken ct)
    {
        var person = await RegisteredPerson.FindAsync(connection, number, ct);
        await using var command = new NpgsqlCommand(FoundSql, connection);
        command.Parameters.Add(new()
        {
            Value = await person.NumbersAsync(connection, ct),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<(uint, uint)>();
        while (await row.ReadAsync(ct))
        {
            found.Add(((uint)row.GetInt64(0), (uint)row.GetInt32(1)));
        }

        return (person, found);
    }
}
