using System.Diagnostics;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Database;

/// <summary>
/// The operating system's user that the embedded server runs as: <c>postgres</c> when dispatch runs as root (the server
/// refuses root, and rightly), else the user running dispatch.
/// </summary>
sealed class ServerUser
{
    const string RootsServerUser = "postgres";

    readonly (uint User, uint Group)? _other;

    ServerUser((uint User, uint Group)? other) => _other = other;

    /// <exception cref="DispatchException"><c>database.no_user</c>, exit 78.</exception>
    public static ServerUser Find()
    {
        if (!Libc.IsRoot)
        {
            return new ServerUser(null);
        }

        return new ServerUser(Libc.FindUser(RootsServerUser) ?? throw new DispatchException(
            "database.no_user", "dispatch runs as root, but there is no user 'postgres' to run the database server as;"
            + " make one with: useradd --system postgres", ExitCode.Configuration));
    }

    /// <summary>A cluster that another user's dispatch made is left alone: the server would refuse it, and files of
    /// ours in it would keep its owner out.</summary>
    /// <exception cref="DispatchException"><c>database.owner</c>, exit 78.</exception>
    public void DemandOwn(string clusterFolder)
    {
        var expected = _other?.User ?? Libc.EffectiveUserId();
        if (Libc.OwnerOf(clusterFolder) is (var owner, _) && owner != expected)
        {
            throw new DispatchException(
                "database.owner",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the database in '{clusterFolder}' belongs to the user with id {owner}, expected {expected}; run ")
                + "dispatch as the user who made the data folder, or name another with --data",
                ExitCode.Configuration);
        }
    }

    /// <summary>Gives a file or folder made by dispatch to the server's user.</summary>
    public void TakeOver(string path)
    {
        if (_other is { } other && Libc.Chown(path, other.User, other.Group) != 0)
        {
            throw new DispatchException(
                "access.denied", $"'{path}' could not be given to the user '{RootsServerUser}'",
                ExitCode.Configuration);
        }
    }

    /// <summary>Can the server's user walk into this folder?</summary>
    public async Task<bool> CanReachAsync(string folder, CancellationToken ct) =>
        _other is null || await RunAsync("/usr/bin/test", ["-x", folder], ct) == 0;

    /// <summary>Runs a program as the server's user and waits for it; what it prints is thrown away.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var process = Process.Start(Prepare(program, arguments))!;
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(
                process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, ct),
                process.StandardError.BaseStream.CopyToAsync(Stream.Null, ct));
            await process.WaitForExitAsync(ct);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    ProcessStartInfo Prepare(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = "/", // the server's user may not be allowed where dispatch was started
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] words = [.. Change(), program, .. arguments];
        start.FileName = words[0];
        foreach (var word in words.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        // PGDATA, PGPORT, PGOPTIONS … of the caller's shell are about some other server.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }

    string[] Change()
    {
        if (_other is not { } other)
        {
            return [];
        }

        // setpriv opens no login session, so it is preferred.
        var (user, group) = (
            other.User.ToString(CultureInfo.InvariantCulture), other.Group.ToString(CultureInfo.InvariantCulture));
        return File.Exists("/usr/bin/setpriv")
            ? ["/usr/bin/setpriv", "--reuid", user, "--regid", group, "--init-groups", "--"]
            : ["runuser", "-u", RootsServerUser, "--"];
    }
}
