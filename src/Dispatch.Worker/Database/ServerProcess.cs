using System.Globalization;

namespace Dispatch.Worker.Database;

/// <summary>
/// Is the server of a cluster alive? <c>postmaster.pid</c> alone cannot say: after a crash or a reboot its number may
/// belong to some other process, and the server then refuses to start. A server works in its cluster's folder, which
/// the kernel tells. It is asked as the server's user, because root in a container may not look at another user's
/// processes.
/// </summary>
sealed class ServerProcess(ServerUser user, string clusterFolder)
{
    const string IsThisOne = "[ \"/proc/$2/cwd\" -ef \"$1\" ]";
    const string IsAnyOne = """
        for p in /proc/[0-9]*; do
            [ "$p/cwd" -ef "$1" ] && read -r name < "$p/comm" && [ "$name" = postgres ] && exit 0
        done
        exit 1
        """;

    static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>Is there a <c>postmaster.pid</c>? A server that stops removes it last: <c>pg_ctl</c> waits for the
    /// same.</summary>
    public bool HasId => File.Exists(PidFile);

    string PidFile => Path.Combine(clusterFolder, "postmaster.pid");

    /// <summary>True when the process in <c>postmaster.pid</c> is the server of this folder.</summary>
    public async Task<bool> IsAliveAsync(CancellationToken ct)
    {
        if (ReadId() is not { } id)
        {
            return false;
        }

        var text = id.ToString(CultureInfo.InvariantCulture);
        return await user.RunAsync("/bin/sh", ["-c", IsThisOne, "sh", clusterFolder, text], ct) == 0;
    }

    /// <summary>
    /// Removes what a dead server left: the file with its number. Waits for its orphaned children first, because that
    /// file also keeps a second server away from the memory they use.
    /// </summary>
    /// <exception cref="OperationCanceledException">The children did not end in time.</exception>
    public async Task ForgetDeadAsync(CancellationToken ct)
    {
        if (ReadId() is null)
        {
            return;
        }

        while (await user.RunAsync("/bin/sh", ["-c", IsAnyOne, "sh", clusterFolder], ct) == 0)
        {
            await Task.Delay(PollPeriod, ct);
        }

        File.Delete(PidFile);
    }

    int? ReadId()
    {
        try
        {
            var first = File.ReadLines(PidFile).FirstOrDefault();
            return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
