using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>
/// Spool and database belong together: a file in the one says what a row of the other does. A disk that is not mounted
/// leaves an empty folder, and a hand-off whose files are not there looks like one that was done. So the spool has a
/// mark of its own, and the trail tells which one it was.
/// </summary>
static class SpoolMark
{
    const string FileName = "identity";
    const string Action = "spool";
    const int MarkBytes = 16;

    // The first one: it is noted when a database is used for the first time, so it is found early.
    const string ReadSql = "select detail from dispatch.events where action = 'spool' order by event_no limit 1";

    /// <summary>Marks a spool that is used for the first time.</summary>
    /// <returns>What the spool's file must say as long as it is used.</returns>
    /// <exception cref="DispatchException"><c>spool.foreign</c> (75): another spool, or none.</exception>
    public static async Task<string> EnsureAsync(
        NpgsqlDataSource database, string spool, string actor, CancellationToken ct)
    {
        if (await ReadAsync(database, ct) is not { } mark)
        {
            await Trail.NoteAsync(database, actor, Action, null, Make(spool), ct);
            mark = (await ReadAsync(database, ct))!;
        }

        return IsOn(spool, mark) ? mark : throw new DispatchException(
            "spool.foreign",
            $"the spool '{spool}' is not the one this database was used with, "
            + $"expected the file '{FileName}' of that one in it; "
            + "mount its disk, or restore database and spool from one backup",
            ExitCode.TryAgain);
    }

    public static bool IsOn(string spool, string mark)
    {
        try
        {
            return File.ReadAllText(Path.Combine(spool, FileName)) == mark;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The file first: killed in between, the next one finds it and notes what it says.
    static string Make(string spool)
    {
        var path = Path.Combine(spool, FileName);
        if (!File.Exists(path))
        {
            var mark = RandomNumberGenerator.GetHexString(2 * MarkBytes, lowercase: true);
            var draft = $"{path}.{mark}";
            using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.ASCII.GetBytes(mark));
                file.Flush(flushToDisk: true);
            }

            MoveUnlessThere(draft, path);
            FileCalls.FlushFolder(spool);
        }

        return File.ReadAllText(path);
    }

    // Several may begin at once: the first one's stays.
    static void MoveUnlessThere(string draft, string path)
    {
        try
        {
            File.Move(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    static async Task<string?> ReadAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(ReadSql);
        return await command.ExecuteScalarAsync(ct) as string;
    }
}
