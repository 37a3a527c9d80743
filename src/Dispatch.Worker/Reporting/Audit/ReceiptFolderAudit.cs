using System.Security.Cryptography;
using Npgsql;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-42: every receipt file that was taken, or put in quarantine, lies in its folder with the content its name and the
/// database say; and no file lies there of which the database knows nothing.
/// </summary>
static class ReceiptFolderAudit
{
    const string Promise = "receipt files lie where the database says, with the content it says, and no others";

    // As the import does: while it is held, no file is on its way between the folder and the database.
    const string LockSql = "select pg_advisory_xact_lock(hashtext('dispatch.receipts'))";

    const string FilesSql = """
        select print_house || '-' || encode(sha256, 'hex') || '.receipts.csv',
               case when purge_no is null then state else 'purged' end
        from dispatch.receipt_files where sha256 is not null
        """;

    static readonly string[] States = ["applied", "quarantine"];

    /// <summary>
    /// The files there are, before the snapshot: what lies there was recorded before the snapshot was taken.
    /// </summary>
    public static async Task<List<string>> ListAsync(NpgsqlDataSource db, string folder, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var locked = new NpgsqlCommand(LockSql, connection);
        await locked.ExecuteNonQueryAsync(ct);
        return [.. States.Select(state => Path.Combine(folder, state)).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles).Order(StringComparer.Ordinal)];
    }

    public static async Task<InvariantResult> RunAsync(
        AuditScope scope, IReadOnlyList<string> files, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        if (scope.JobId is not null)
        {
            return InvariantResult.Of("I-42", Promise, false, [], time.GetElapsedTime(start)); // files are of no job
        }

        var recorded = await ReadRecordedAsync(scope, ct);
        var offenders = new List<string>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in files)
        {
            var (state, name) = (Path.GetFileName(Path.GetDirectoryName(path))!, Path.GetFileName(path));
            if (!recorded.TryGetValue(name, out var expected)
                || (state == "applied" && expected is not ("applied" or "purged")))
            {
                offenders.Add($"{state}/{name} is not known to the database");
            }
            else if (!await HoldsItsNameAsync(path, ct))
            {
                offenders.Add($"{state}/{name} has other content than it came with");
            }
            else
            {
                there.Add($"{state}/{name}");
            }
        }

        offenders.AddRange(
            recorded.Where(file => file.Value != "purged" && !there.Contains($"{FolderOf(file.Value)}/{file.Key}"))
            .Select(file => $"{FolderOf(file.Value)}/{file.Key} is missing or changed"));
        return InvariantResult.Of(
            "I-42", Promise, recorded.Count > 0 || files.Count > 0,
            [
                .. offenders
                    .Take(InvariantResult.OffendersMax + 1)
                    .Select(text => new Offender(null, null, null, null, text)),
            ],
            time.GetElapsedTime(start));
    }

    static string FolderOf(string state) => state == "applied" ? "applied" : "quarantine";

    // The hash it came with is the last part of its name.
    static async Task<bool> HoldsItsNameAsync(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        return path.EndsWith(
            $"-{Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct))}.receipts.csv",
            StringComparison.Ordinal);
    }

    static async Task<Dictionary<string, string>> ReadRecordedAsync(AuditScope scope, CancellationToken ct)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = scope.Snapshot.Command(FilesSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            files[row.GetString(0)] = row.GetString(1);
        }

        return files;
    }
}
