using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Database;

/// <summary>
/// Where the embedded cluster of a data folder is: <c>DATA/postgres</c>, or, where the server's user cannot reach that,
/// a folder below <c>/var/lib/dispatch/</c> which the file <c>DATA/postgres</c> names.
/// </summary>
static class ClusterLocation
{
    const string Elsewhere = "/var/lib/dispatch";
    const string UnfinishedMark = ".new-";

    // sun_path has 108 bytes, the last one for the closing zero.
    const int SocketPathBytesMax = 107;
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode Passable = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Gives the cluster's folder, or null when none was made yet.</summary>
    /// <exception cref="DispatchException"><c>database.cluster_missing</c>, exit 78.</exception>
    public static string? Find(string dataFolder)
    {
        var path = DataFolder.PostgresOf(dataFolder);
        var folder = File.Exists(path) ? File.ReadAllText(path).Trim() : path;
        if (File.Exists(Path.Combine(folder, "PG_VERSION")))
        {
            DeleteUnfinished(folder);
            return folder;
        }

        // A new, empty database beside an old spool would send everything again: somebody must look.
        return folder == path && !Directory.Exists(path) ? null : throw new DispatchException(
            "database.cluster_missing",
            $"'{path}' should be or name a PostgreSQL cluster, but there is none in '{folder}';"
            + " put the cluster back, or use another data folder", ExitCode.Configuration);
    }

    /// <summary>Makes the cluster in a folder beside its place and moves it there when it is whole.</summary>
    /// <param name="fill">Fills the empty folder it is given.</param>
    public static async Task<string> CreateAsync(
        string dataFolder, ServerUser user, Func<string, Task> fill, CancellationToken ct)
    {
        var place = DataFolder.PostgresOf(dataFolder);
        var isReachable = await user.CanReachAsync(dataFolder, ct);
        var folder = place;
        if (!isReachable)
        {
            Directory.CreateDirectory(Elsewhere);
            File.SetUnixFileMode(Elsewhere, Passable);

            // The folder of a data folder that was deleted and made again is another one: never an old database.
            folder = Path.Combine(
                Elsewhere, $"{Hash(dataFolder)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        }

        // When a dispatch is killed here, the initdb it started goes on in its own folder for a while: leave it alone.
        DeleteUnfinished(folder);
        var unfinished = $"{folder}{UnfinishedMark}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        Directory.CreateDirectory(unfinished, Private);
        user.TakeOver(unfinished);
        await fill(unfinished);
        Directory.Move(unfinished, folder);
        if (!isReachable)
        {
            await File.WriteAllTextAsync(place + ".new", folder + "\n", ct);
            File.Move(place + ".new", place);
        }

        return folder;
    }

    /// <summary>
    /// Gives the folder of the server's socket: the cluster's own, or one in <c>/tmp</c> when the path would be too
    /// long for a socket's address.
    /// </summary>
    public static async Task<string> PrepareSocketFolderAsync(
        string clusterFolder, ServerUser user, CancellationToken ct)
    {
        if (Encoding.UTF8.GetByteCount(clusterFolder + "/.s.PGSQL.5432") <= SocketPathBytesMax)
        {
            return clusterFolder;
        }

        // Others can write to /tmp: the folder counts only when it is the server user's own, and no link.
        var folder = "/tmp/dispatch-" + Hash(clusterFolder);
        const string Script =
            "umask 077; mkdir \"$1\" 2>/dev/null; "
            + "[ ! -L \"$1\" ] && [ -d \"$1\" ] && [ -O \"$1\" ] && chmod 700 \"$1\"";
        return await user.RunAsync("/bin/sh", ["-c", Script, "sh", folder], ct) == 0
            ? folder
            : throw new DispatchException(
                "database.socket",
                $"the folder '{folder}' for the server's socket belongs to somebody else; remove it, or"
                + " use a data folder with a shorter path", ExitCode.Configuration);
    }

    static void DeleteUnfinished(string folder)
    {
        foreach (var left in Directory.EnumerateDirectories(
            Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + UnfinishedMark + "*"))
        {
            try
            {
                Directory.Delete(left, recursive: true);
            }
            catch (IOException)
            {
                // still being written by the orphan; it is deleted another time
            }
        }
    }

    static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
}
