namespace Dispatch.Structure.Tests;

/// <summary>The files of the project, as they lie on disk.</summary>
static class Repository
{
    static readonly string[] SkippedFolders =
        [".git", "artifacts", "bin", "obj", "dispatch-data", "demo-data", "BenchmarkDotNet.Artifacts", ".vs"];

    static readonly string[] BinaryExtensions =
        [".png", ".jpg", ".jpeg", ".pdf", ".ttf", ".gz", ".zip", ".bin", ".icc"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder, at any depth, by path from the root; fails when there are none.</summary>
    public static IReadOnlyList<string> Find(string folder, string pattern)
    {
        var found = Walk(Path.Combine(Root, folder)).Where(f => Matches(f, pattern))
            .Select(f => Path.GetRelativePath(Root, f)).Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count > 0, $"no file '{pattern}' below '{folder}': the scan looks in the wrong place");
        return found;
    }

    /// <summary>Every text file of the project.</summary>
    public static IReadOnlyList<string> TextFiles() =>
    [
        .. Find("", "*")
            .Where(f => !BinaryExtensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)),
    ];

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Fails with the whole list, a line each.</summary>
    public static void ExpectNone(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    static bool Matches(string file, string pattern) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file));

    static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f) != ".git"))
        {
            yield return file;
        }

        foreach (var below in Directory.EnumerateDirectories(folder))
        {
            if (SkippedFolders.Contains(Path.GetFileName(below)))
            {
                continue;
            }

            foreach (var file in Walk(below))
            {
                yield return file;
            }
        }
    }

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dispatch.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException(
                "no Dispatch.sln above the tests");
        }

        return folder;
    }
}
