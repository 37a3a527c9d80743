using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Handoff;

/// <summary>
/// The OpenSSH program <c>sftp</c> in batch mode, one session a call. It stands in the staging folder, so that no path
/// needs quoting, and reads no configuration but what is given here: pinned host keys only, our key only, never a
/// question.
/// </summary>
/// <param name="staging">Folder in which the batches lie composed.</param>
public sealed class SftpClient(SftpTarget target, string staging)
{
    const string Program = "sftp";
    const string Echo = "sftp> ";
    const string BackSuffix = ".back";

    /// <summary>Which of these files the server's folder has.</summary>
    public async Task<HashSet<string>> FindAsync(IReadOnlyCollection<string> names, CancellationToken cancel)
    {
        // A file that is not there is no failure; a folder that is not there is.
        var said = await RunAsync(
            [$"cd {target.Folder}", .. names.Select(name => $"-ls -1 {name}")], cancel);
        return said.Split('\n').Where(line => !line.StartsWith(Echo, StringComparison.Ordinal))
            .Select(line => line.Trim()).Where(names.Contains).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Sends staged files, in this order, and gives them their names; the last one stays under its <c>.part</c> name. A
    /// part that was left there is overwritten; the session ends at the first thing that fails.
    /// </summary>
    public Task SendAsync(IEnumerable<string> whole, string part, CancellationToken cancel) => RunAsync(
        [$"cd {target.Folder}", .. whole.SelectMany(name => new[] { Put(name), Rename(name) }), Put(part)], cancel);

    /// <summary>Gives a part its name.</summary>
    public Task PublishAsync(string name, CancellationToken cancel) =>
        RunAsync([$"cd {target.Folder}", Rename(name)], cancel);

    /// <summary>The digest of a file as the server has it, read back.</summary>
    public async Task<Manifest.FileDigest> ReadBackAsync(string name, CancellationToken cancel)
    {
        var back = Path.Combine(staging, name + BackSuffix);
        try
        {
            await RunAsync([$"cd {target.Folder}", $"get {name} {name}{BackSuffix}"], cancel);
            return Manifest.FileDigest.OfFile(back);
        }
        finally
        {
            File.Delete(back);
        }
    }

    /// <summary>
    /// Puts a file of no bytes there, renames it, and tries to rename another one over it: whether that is refused, on
    /// which the hand-off relies. What was put there goes again.
    /// </summary>
    public async Task<bool> KeepsWhatIsThereAsync(CancellationToken cancel)
    {
        var probe = string.Create(CultureInfo.InvariantCulture, $"dispatch-doctor-{Environment.ProcessId}");
        var part = probe + OutboxFolder.PartSuffix;
        var local = Path.Combine(staging, probe);
        await File.WriteAllBytesAsync(local, [], cancel);
        try
        {
            var said = await RunAsync(
                [
                    $"cd {target.Folder}", Put(probe), Rename(probe), Put(probe), "-" + Rename(probe), $"-ls -1 {part}",
                    $"-rm {part}", $"-rm {probe}",
                ],
                cancel);
            return said.Split('\n').Any(line => line.Trim() == part);
        }
        finally
        {
            File.Delete(local);
        }
    }

    // Asks the server to sync what it wrote.
    static string Put(string name) => $"put -f {name} {name}{OutboxFolder.PartSuffix}";

    // Never over another file: with -l the server links and unlinks.
    static string Rename(string name) => $"rename -l {name}{OutboxFolder.PartSuffix} {name}";

    static bool IsOurs(string name) => name.StartsWith("DISPATCH_", StringComparison.OrdinalIgnoreCase);

    async Task<string> RunAsync(string[] commands, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(target.ConnectTimeout + target.TransferTimeout);
        using var process = Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await FeedAsync(process, commands);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw SftpFault.From(await errors, target);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw SftpFault.From("too slow", target);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    static async Task FeedAsync(Process process, string[] commands)
    {
        try
        {
            await process.StandardInput.WriteAsync(string.Join('\n', commands) + "\n");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read them; why, its exit tells.
        }
    }

    Process Start()
    {
        var start = new ProcessStartInfo(Program)
        {
            WorkingDirectory = staging,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("SSH_AUTH_SOCK");

        // The database's password is none of its business, nor the server's.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new DispatchException(
                "sftp.missing", "the program sftp is not found, expected OpenSSH's client on the PATH; apt-get install "
                + "-y openssh-client",
                ExitCode.Configuration,
                exception);
        }
    }

    IEnumerable<string> Arguments()
    {
        var seconds = (int)Math.Ceiling(target.ConnectTimeout.TotalSeconds);
        string[] options =
        [
            "BatchMode=yes", "StrictHostKeyChecking=yes", $"UserKnownHostsFile={target.KnownHostsFile}",
            "GlobalKnownHostsFile=none", "UpdateHostKeys=no", "VerifyHostKeyDNS=no", "IdentitiesOnly=yes",
            "IdentityAgent=none",
            $"IdentityFile={target.KeyFile}", "PreferredAuthentications=publickey", "PubkeyAuthentication=yes",
            string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={seconds}"), "ConnectionAttempts=1",
            "ServerAliveInterval=10", "ServerAliveCountMax=3", "ControlMaster=no", "ControlPath=none",
            "ProxyCommand=none",
            "ForwardAgent=no", "ClearAllForwardings=yes", "PermitLocalCommand=no",
        ];
        return ["-F", "none", .. options.SelectMany(option => new[] { "-o", option }), "-P",
            target.Port.ToString(CultureInfo.InvariantCulture), "-b", "-", "--", $"{target.User}@{target.Host}"];
    }
}
