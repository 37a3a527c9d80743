namespace Dispatch.System.Tests.Running;

/// <summary>
/// The private server of a data folder. The program stops it when it ends; an auditor who comes between two commands
/// starts it again with the command line it had.
/// </summary>
sealed class EmbeddedServer(string data)
{
    const int SocketLine = 4;

    static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    public async Task<string> SocketAsync()
    {
        var folder = Folder();
        if (!await IsRunningAsync(folder))
        {
            var line = (await File.ReadAllTextAsync(Path.Combine(folder, "postmaster.opts"))).Trim();
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var started = await Command.RunAsOwnerAsync(
                folder, Tool(line[..space]), "-D", folder, "-w", "-l", "/dev/null", "-o", line[space..], "start");
            started.Expect(0);
        }

        return await ReadSocketAsync(folder);
    }

    // A server that is starting has its file of process and socket before it has the socket.
    static async Task<string> ReadSocketAsync(string folder)
    {
        using var limit = new CancellationTokenSource(StartTimeout);
        while (true)
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "postmaster.pid"), limit.Token);
            if (lines.Length > SocketLine && lines[SocketLine].Length > 0)
            {
                return lines[SocketLine];
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
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
