using System.Globalization;

namespace Dispatch.System.Tests.Running;

/// <summary>
/// One temporary folder for the whole run, named by the process; short, for sockets have short paths. Each installation
/// removes its own part when it closes; the next run removes what a killed one left.
/// </summary>
static class TestFolder
{
    const string Prefix = "dsp";

    // The database server runs as another user and must be able to walk through.
    const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    static readonly Lazy<string> Root = new(MakeRoot);

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Create(string name) =>
        Directory.CreateDirectory(Path.Combine(Root.Value, name), Passable).FullName;

    /// <summary>Unless DISPATCH_KEEP_TEST_FILES is set, for looking at what a failed test left.</summary>
    public static void Remove(string path)
    {
        if (Environment.GetEnvironmentVariable("DISPATCH_KEEP_TEST_FILES") is null && Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    static string MakeRoot()
    {
        var temporary = Path.GetTempPath();
        foreach (var left in Directory.GetDirectories(temporary, $"{Prefix}*"))
        {
            var suffix = Path.GetFileName(left)[Prefix.Length..];
            if (suffix.Length > 0 && suffix.All(char.IsAsciiDigit) && !Directory.Exists($"/proc/{suffix}"))
            {
                Remove(left);
            }
        }

        var root = Path.Combine(temporary, $"{Prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        return Directory.CreateDirectory(root, Passable).FullName;
    }

    static string FindRepository()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Dispatch.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
