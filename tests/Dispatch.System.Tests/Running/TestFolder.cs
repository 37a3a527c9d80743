namespace Dispatch.System.Tests.Running;

/// <summary>One temporary folder for the whole run, removed when it ends; short, for sockets have short paths.</summary>
static class TestFolder
{
    static readonly Lazy<string> Root = new(MakeRoot);

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Create(string name)
    {
        var path = Path.Combine(Root.Value, name);
        Directory.CreateDirectory(path);
        return path;
    }

    static string MakeRoot()
    {
        var path = Directory.CreateTempSubdirectory("dsp").FullName;
        // The database server runs as another user and must be able to walk through.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        if (Environment.GetEnvironmentVariable("DISPATCH_KEEP_TEST_FILES") is null)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, recursive: true);
        }

        return path;
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
