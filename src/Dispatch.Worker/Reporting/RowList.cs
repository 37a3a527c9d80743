using System.Data;
using System.Globalization;
using System.Text;
using Dispatch.Routing.Rules;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// <c>refused.csv</c> and <c>held.csv</c>: the rows nobody got a letter for, for the sender to work on. Streamed: a job
/// may have millions.
/// </summary>
sealed class RowList
{
    const string Header = "row;reference;reason;detail\r\n";

    readonly string _sql;

    RowList(string fileName, string table)
    {
        FileName = fileName;
        _sql = $"select row_no, reference, reason, detail from {table} where job_id = $1 order by row_no";
    }

    public static RowList Refused { get; } = new("refused.csv", "dispatch.refused");

    public static RowList Held { get; } = new("held.csv", "dispatch.held");

    public string FileName { get; }

    public async Task WriteAsync(LedgerSnapshot snapshot, int jobId, Stream output, CancellationToken ct)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        await writer.WriteAsync(Header.AsMemory(), ct);
        await using var command = snapshot.Command(
            _sql, new NpgsqlParameter { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
        while (await row.ReadAsync(ct))
        {
            var rowNo = row.GetInt32(0);
            var reference = row.GetString(1);
            var reason = EffectCount.CodeOf((Reason)row.GetInt16(2));
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{rowNo};{CsvText.Field(reference)};{reason};{CsvText.Field(row.GetString(3))}\r\n");
            await writer.WriteAsync(line.AsMemory(), ct);
        }
    }
}
