using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Intake;

/// <summary>
/// Removes what an intake that was killed left in the spool: files no job names, or only one that was forgotten. A file
/// somebody has open is locked (a submission in work, a list being read) and is left alone; the lock is taken before
/// the database is asked, so that no submission can commit between the question and the removal.
/// </summary>
static class SpoolSweep
{
    /// <returns>Files removed.</returns>
    public static async Task<int> RunAsync(NpgsqlDataSource database, string listFolder, CancellationToken cancel)
    {
        if (!Directory.Exists(listFolder))
        {
            return 0;
        }

        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(listFolder).Where(IsOurs).ToList())
        {
            removed += await TryRemoveAsync(database, path, cancel) ? 1 : 0;
        }

        return removed;
    }

    static bool IsOurs(string path) => Path.GetExtension(path) is ".part" or ".list";

    static async Task<bool> TryRemoveAsync(NpgsqlDataSource database, string path, CancellationToken cancel)
    {
        try
        {
            using var locked = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.None);
            if (await IsNamedAsync(database, Path.GetFileName(path), cancel))
            {
                return false;
            }

            File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            // Held by somebody, or gone already.
            return false;
        }
    }

    static async Task<bool> IsNamedAsync(NpgsqlDataSource database, string file, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select exists (select from dispatch.jobs where list_file = "
            + "$1 and data_key is not null)");
        command.Parameters.Add(new() { Value = file, NpgsqlDbType = NpgsqlDbType.Text });
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }
}
