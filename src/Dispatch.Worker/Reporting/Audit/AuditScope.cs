using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>What one audit looks at: a snapshot, and one job of it or all.</summary>
sealed record AuditScope(LedgerSnapshot Snapshot, int? JobId, int? Segment)
{
    /// <summary>At most one offender more than are shown, so that it is known whether there are more.</summary>
    public async Task<List<Offender>> ReadOffendersAsync(string sql, CancellationToken ct)
    {
        var found = new List<Offender>();
        await using var command = Command(
            $"select * from (\n{sql}\n) violations limit {InvariantResult.OffendersMax + 1}");
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            found.Add(new(
                row[0] as int?, row[1] as int?, row[2] as int?, row[3] as string, row.GetString(4)));
        }

        return found;
    }

    public async Task<bool> AskAsync(string sql, CancellationToken ct)
    {
        await using var command = Command(sql);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary><c>$1</c> is the job, <c>$2</c> its segment; both null for all.</summary>
    public NpgsqlCommand Command(string sql, params NpgsqlParameter[] others) =>
        Snapshot.Command(sql, [Nullable(JobId), Nullable(Segment), .. others]);

    static NpgsqlParameter Nullable(int? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };
}
