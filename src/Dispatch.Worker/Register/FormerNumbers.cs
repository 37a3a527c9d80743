using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register;

/// <summary>Numbers that had become other ones, and where they led. A register may leave them out at last; the letters
/// under them are the same person's still.</summary>
sealed class FormerNumbers
{
    const string ReadSql =
        """
        select coalesce(array_agg(cpr), '{}'), coalesce(array_agg(status), '{}'), coalesce(array_agg(current_cpr), '{}')
        from register.people where current_cpr is not null and status in (50, 60)
        """;

    const string KeepSql =
        """
        update register.people p set status = f.status, current_cpr = f.current_cpr
        from unnest($1, $2, $3) f (cpr, status, current_cpr) where p.cpr = f.cpr and p.removed
        """;

    readonly long[] _numbers;
    readonly short[] _statuses;
    readonly long[] _current;

    FormerNumbers(long[] numbers, short[] statuses, long[] current) =>
        (_numbers, _statuses, _current) = (numbers, statuses, current);

    public static async Task<FormerNumbers> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(row.GetFieldValue<long[]>(0), row.GetFieldValue<short[]>(1), row.GetFieldValue<long[]>(2));
    }

    /// <summary>Of those that are gone since.</summary>
    public async Task KeepAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (_numbers.Length == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(KeepSql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = _numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = _statuses, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = _current, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(ct);
    }
}
