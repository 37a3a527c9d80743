using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register;

/// <summary>The numbers under which people registered with one private sender.</summary>
static class RegisteredNumbers
{
    const string AllSql = "select cpr from register.registrations where sender_cvr = $1";
    const string AmongSql = AllSql + " and cpr = any($2)";

    /// <param name="among">Ask about these only; null for all.</param>
    public static async Task<List<uint>> ReadAsync(
        NpgsqlConnection connection, int senderCvr, long[]? among, CancellationToken ct)
    {
        var sql = among is null ? AllSql : AmongSql;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = senderCvr, NpgsqlDbType = NpgsqlDbType.Integer });
        if (among is not null)
        {
            command.Parameters.Add(new() { Value = among, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        }

        var numbers = new List<uint>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            numbers.Add((uint)rows.GetInt64(0));
        }

        return numbers;
    }
}
