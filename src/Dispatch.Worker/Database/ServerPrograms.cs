using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dispatch.Routing;

namespace Dispatch.Worker.Database;

/// <summary>The programs of an installed PostgreSQL server, 15 or newer.</summary>
/// <param name="Folder">Holds <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c>.</param>
/// <param name="Major">For instance 15.</param>
sealed partial record ServerPrograms(string Folder, int Major)
{
    public const int MajorMin = 15;

    const string FolderVariable = "DISPATCH_PG_BIN";

    static readonly string[] Needed = ["postgres", "initdb", "pg_ctl"];

    /// <summary>Below these every version has a folder of its own.</summary>
    static readonly (string Parent, string Prefix, string Below)[] UsualFolders =
    [
        ("/usr/lib/postgresql", "", "bin"), // Debian, Ubuntu
        ("/usr", "pgsql-", "bin"), // Red Hat, packages of postgresql.org
        ("/usr/libexec", "postgresql", ""), // Alpine
    ];

    public string Postgres => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>Finds the programs: DISPATCH_PG_BIN, then the PATH, then the usual folders, newest version
    /// first.</summary>
    /// <param name="major">The version an existing cluster needs; null = any.</param>
    /// <exception cref="DispatchException"><c>database.no_server</c>, exit 78.</exception>
    public static async Task<ServerPrograms> FindAsync(int? major, CancellationToken ct)
    {
        foreach (var folder in Candidates())
        {
            if (await TryReadAsync(folder, ct) is { } found && found.Major >= MajorMin
                && (major is null || found.Major == major))
            {
                return found;
            }
        }

        throw major is null
            ? new DispatchException(
                "database.no_server", $"no PostgreSQL server programs (initdb, pg_ctl, postgres; version {MajorMin} or"
                + $" newer) in {Places()}; install them with: sudo apt-get install -y postgresql",
                ExitCode.Configuration)
            : new DispatchException(
                "database.no_server", $"the cluster was made by PostgreSQL {major}, whose server programs are not in"
                + $" {Places()}; install them with: sudo apt-get install -y postgresql-{major}",
                ExitCode.Configuration);
    }

    // A folder named on purpose is the only one looked at: another server would be a surprise.
    static IEnumerable<string> Candidates()
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return [named];
        }

        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(UsualFolders.SelectMany(Versions));
    }

    static string Places() => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(FolderVariable))
        ? "the PATH and the usual folders"
        : FolderVariable;

    static IEnumerable<string> Versions((string Parent, string Prefix, string Below) place)
    {
        if (!Directory.Exists(place.Parent))
        {
            return [];
        }

        return Directory.EnumerateDirectories(place.Parent, place.Prefix + "*")
            .Select(d => (Folder: Path.Combine(d, place.Below), Version: Path.GetFileName(d)[place.Prefix.Length..]))
            .Where(d => int.TryParse(d.Version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderByDescending(d => int.Parse(d.Version, CultureInfo.InvariantCulture))
            .Select(d => d.Folder);
    }

    static async Task<ServerPrograms?> TryReadAsync(string folder, CancellationToken ct)
    {
        if (!Needed.All(name => File.Exists(Path.Combine(folder, name))))
        {
            return null;
        }

        var start = new ProcessStartInfo(
            Path.Combine(folder, "postgres"), ["--version"])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        var version = VersionPattern().Match(answer);
        return version.Success
            ? new ServerPrograms(folder, int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex VersionPattern();
}
