using System.Globalization;
using System.Text;
using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// The head of the trail, written to <c>DATA/reports/trail.jsonl</c> once a day: who can make the whole chain anew in
/// the database cannot make it end in a hash that lies elsewhere.
/// </summary>
static class TrailExport
{
    const string FileName = "trail.jsonl";

    const string HeadSql = "select event_no, hash from dispatch.trail_head";

    const int InUse = 11; // EWOULDBLOCK

    /// <returns>The head, or null when today's was exported already or another process is at it.</returns>
    public static async Task<ExportedHead?> AppendAsync(
        NpgsqlDataSource db, string reportsFolder, string actor, DateTimeOffset now, CancellationToken ct)
    {
        var date = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        try
        {
            await using var file = new FileStream(
                Path.Combine(reportsFolder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if ((await ReadAsync(file, ct)).LastOrDefault()?.Date == date)
            {
                return null;
            }

            // The event first: killed in between, the next command exports the day's head, and this event with it.
            await Trail.NoteAsync(db, actor, "trail_export", null, $"head of {date}", ct);
            var head = await ReadHeadAsync(db, date, ct);
            file.Seek(0, SeekOrigin.End);
            await file.WriteAsync(Encoding.UTF8.GetBytes(head.ToLine()), ct);
            file.Flush(flushToDisk: true);
            return head;
        }
        catch (IOException fault) when (fault.HResult == InUse)
        {
            return null;
        }
    }

    /// <summary>Every head that was exported, oldest first. A line that is none has the number 0 and no hash.</summary>
    public static async Task<IReadOnlyList<ExportedHead>> ReadAsync(string reportsFolder, CancellationToken ct)
    {
        var path = Path.Combine(reportsFolder, FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return await ReadAsync(file, ct);
    }

    static async Task<List<ExportedHead>> ReadAsync(FileStream file, CancellationToken ct)
    {
        var heads = new List<ExportedHead>();
        using var lines = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            heads.Add(ExportedHead.Parse(line));
        }

        return heads;
    }

    static async Task<ExportedHead> ReadHeadAsync(NpgsqlDataSource db, string date, CancellationToken ct)
    {
        await using var command = db.CreateCommand(HeadSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(date, row.GetInt64(0), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1)));
    }
}
