namespace Dispatch.System.Tests.Running;

/// <summary>
/// The private server of a data folder. The program stops it when it ends; an auditor who comes between two commands
/// starts it again with the command line it had.
/// </summary>
sealed class EmbeddedServer(string data)
{
    const int SocketLine = 4;

    public async Task<string> SocketAsync()
    {
        var folder = Folder();
        if (!await IsRunningAsync(folder))
        {
            var line = (await File.ReadAllTextAsync(Path.Combine(folder, "postmaster.opts"))).Trim();
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var started = await Command.RunAsOwnerAsync(
                folder, Tool(line[..space]), "-D", folder, "-w", "-l", "/dev/null", "-o", line[space..], "start");
            if (started.ExitCode != 0)
            {
                throw new IOException($"the server does not start; a command may be starting it: {started}");
            }
        }

        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "postmaster.pid"));
        return lines.Length > SocketLine && lines[SocketLine].Length > 0
            ? lines[SocketLine]
            : throw new IOException($"the server in '{folder}' is starting and has no socket yet");
    }

    public async Task StopAsync()
    {
        var folder = Folder();
        if (Directory.Exists(folder) && await IsRunningAsync(folder))
        {
            var line = await File.ReadAllTextAsync(Path.Combine(folder, "postmaster.opts"));
            var tool = Tool(line[..line.IndexOf(' ', StringComparison.Ordinal)]);
            await Command.RunAsOwnerAsync(folder, tool, "-D", folder, "-m", "fast", "-w", "stop");
        }
    }

    /// <summary>Where the server's user cannot reach the data folder, a file says where the cluster lies.</summary>
    string Folder()
    {
        var path = Path.Combine(data, "postgres");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : path;
    }

    static async Task<bool> IsRunningAsync(string folder)
    {
        var pidFile = Path.Combine(folder, "postmaster.pid");
        if (!File.Exists(pidFile))
        {
            return false;
        }

        var lines = await File.ReadAllLinesAsync(pidFile);
        return lines.Length > SocketLine && Directory.Exists($"/proc/{lines[0]}");
    }

    static string Tool(string postgres) => Path.Combine(Path.GetDirectoryName(postgres)!, "pg_ctl");
}
