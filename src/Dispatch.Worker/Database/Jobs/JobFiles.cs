using Dispatch.PrintExport.Manifest;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>The files that hold a job's letters: its list in the spool, and print files in the making or not yet taken.
/// </summary>
sealed class JobFiles(NpgsqlDataSource database, DataFolder data)
{
    const string BatchesSql = "select name, print_house from dispatch.batches where job_id = $1 order by batch_id";

    /// <summary>Print files there still are, the tickets first: a batch without its ticket is none.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(int jobId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(BatchesSql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<string>();
        while (await row.ReadAsync(ct))
        {
            var files = new BatchFiles(row.GetString(0));
            foreach (var folder in new[] { data.PrintHouse(row.GetString(1)), Path.Combine(data.Spool, "print") })
            {
                if (Directory.Exists(folder))
                {
                    found.AddRange(Directory.EnumerateFiles(folder, files.Name + ".*"));
                }
            }
        }

        return [.. found.OrderBy(file => file.EndsWith(".ticket.json", StringComparison.Ordinal) ? 0 : 1)];
    }

    /// <summary>Where a job's list lies in the spool.</summary>
    public string ListPath(string listFile) => SpooledList.PathOf(data.Spool, listFile);

    public async Task RemoveAsync(int jobId, string listFile, CancellationToken ct)
    {
        await RemovePrintFilesAsync(jobId, ct);
        RemoveList(listFile);
    }

    public async Task RemovePrintFilesAsync(int jobId, CancellationToken ct)
    {
        foreach (var file in await FindAsync(jobId, ct))
        {
            File.Delete(file);
        }
    }

    public void RemoveList(string listFile)
    {
        var path = ListPath(listFile);
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path);
        }
    }
}
