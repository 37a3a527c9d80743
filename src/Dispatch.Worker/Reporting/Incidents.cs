using System.Globalization;
using System.Text.RegularExpressions;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting;

/// <summary>Incidents as an operator sees them, and closes them: nothing else follows from that.</summary>
sealed partial class Incidents(NpgsqlDataSource db)
{
    const string ListSql = """
        select n.incident_no::text as id, n.at, n.kind, n.print_house, b.name, b.job_id, i.row_no, n.detail,
               n.closed_at, n.closed_by, n.close_reason
        from dispatch.incidents n
        left join dispatch.batches b on b.batch_id = n.batch_id
        left join dispatch.batch_pieces i on i.batch_id = n.batch_id and i.sequence = n.sequence
        where $1 or n.closed_at is null
        union all
        select 'file-' || receipt_id, imported_at, 'receipt.quarantined', print_house, null, null, null, reason,
               closed_at, closed_by, close_reason
        from dispatch.receipt_files
        where state = 'quarantined' and ($1 or closed_at is null)
        order by 2, 1
        """;

    const string CloseSql = """
        update dispatch.incidents n set closed_at = clock_timestamp(), closed_by = $2, close_reason = $3
        from (select o.incident_no, b.job_id from dispatch.incidents o left join dispatch.batches b using (batch_id)) j
        where n.incident_no = $1 and j.incident_no = n.incident_no and n.closed_at is null
        returning n.kind, j.job_id
        """;

    const string CloseFileSql = """
        update dispatch.receipt_files set closed_at = clock_timestamp(), closed_by = $2, close_reason = $3
        where receipt_id = $1 and state = 'quarantined' and closed_at is null
        returning 'receipt.quarantined', null::int
        """;

    const string KnownSql = "select exists (select from dispatch.incidents where incident_no = $1)";

    const string KnownFileSql =
        "select exists (select from dispatch.receipt_files where receipt_id = $1 and closed_at is not null)";

    const string FilePrefix = "file-";

    /// <summary>Oldest first.</summary>
    public async Task<List<Incident>> ListAsync(bool withClosed, CancellationToken ct)
    {
        await using var command = db.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = withClosed, NpgsqlDbType = NpgsqlDbType.Boolean });
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<Incident>();
        while (await row.ReadAsync(ct))
        {
            found.Add(new(
                row.GetString(0), row.GetDateTime(1), row.GetString(2), row.GetString(3), row[4] as string,
                row[5] as int?,
                row[6] as int?, row.GetString(7), row[8] as DateTime?, row[9] as string, row[10] as string));
        }

        return found;
    }

    /// <summary>Closes an incident; false when it was closed before.</summary>
    /// <param name="reason">Checked to hold nothing personal.</param>
    /// <exception cref="DispatchException"><c>incident.unknown</c>, exit 2.</exception>
    public async Task<bool> CloseAsync(string id, string actor, string reason, CancellationToken ct)
    {
        var isFile = id.StartsWith(FilePrefix, StringComparison.Ordinal);
        if (!IdPattern().IsMatch(id))
        {
            throw Unknown();
        }

        var number = new NpgsqlParameter
        {
            Value = int.Parse(isFile ? id[FilePrefix.Length..] : id, CultureInfo.InvariantCulture),
            NpgsqlDbType = NpgsqlDbType.Integer,
        };
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var sql = isFile ? CloseFileSql : CloseSql;
        if (await UpdateAsync(connection, sql, number, actor, reason, ct) is not { } closed)
        {
            await using var known = new NpgsqlCommand(isFile ? KnownFileSql : KnownSql, connection);
            known.Parameters.Add(number.Clone());
            return await known.ExecuteScalarAsync(ct) is true ? false : throw Unknown();
        }

        await Trail.NoteAsync(
            connection, actor, "incident_close", closed.JobId, $"{id} {closed.Kind}: {reason}", ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    static async Task<(string Kind, int? JobId)?> UpdateAsync(
        NpgsqlConnection connection, string sql, NpgsqlParameter number, string actor, string reason,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(number);
        command.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = reason, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetString(0), row[1] as int?) : null;
    }

    static DispatchException Unknown() => new(
        "incident.unknown", "there is no incident of that id, expected one that 'dispatch incidents list' shows",
        ExitCode.Usage);

    [GeneratedRegex("^(file-)?[0-9]{1,9}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();
}
