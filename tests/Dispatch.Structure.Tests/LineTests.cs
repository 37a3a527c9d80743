namespace Dispatch.Structure.Tests;

/// <summary>A line is read without scrolling. What is still wider is named here, and the list only shrinks.</summary>
public sealed class LineTests
{
    const int LineColumnsMax = 120;

    /// <summary>Folders (they end in a slash) and files.</summary>
    static readonly string[] WideOnes =
    [
        "src/Dispatch.Worker/Commands/",
        "src/Dispatch.Worker/Diagnostics/",
        "src/Dispatch.Worker/Dispatching/",
        "src/Dispatch.Worker/Intake/",
        "src/Dispatch.Worker/Keys/",
        "src/Dispatch.Worker/Mailbox/",
        "src/Dispatch.Worker/Register/",
        "src/Dispatch.Worker/Security/",
        "tests/Dispatch.System.Tests/Cluster/",
        "tests/Dispatch.System.Tests/Crash/",
        "tests/Dispatch.System.Tests/Secrecy/",
        "tests/Dispatch.System.Tests/Trail/",
        "tests/Dispatch.Worker.Tests/Intake/JobSchemaTests.cs",
        "tests/Dispatch.Worker.Tests/Keys/",
        "tests/Dispatch.Worker.Tests/Mailbox/",
        "tests/Dispatch.Worker.Tests/Retention/",
    ];

    [Fact]
    public void Lines_Sources_FitTheColumns()
    {
        var files = Repository.Find("", "*.cs");
        Assert.True(files.Count > 500, "the scan found too few files to be right");

        Repository.ExpectNone(
            from file in files
            where !WideOnes.Any(wide => IsIn(file, wide))
            from fault in Wide(file)
            select fault);
    }

    /// <summary>Who mends the last line of a folder takes its name off the list.</summary>
    [Fact]
    public void WideOnes_Each_HasAWideLine()
    {
        var files = Repository.Find("", "*.cs").Where(file => Wide(file).Any()).ToList();

        Repository.ExpectNone(
            from wide in WideOnes
            where !files.Any(file => IsIn(file, wide))
            select $"{wide}: no wide line is left, take it off the list");
    }

    static bool IsIn(string file, string wide) =>
        wide.EndsWith('/') ? file.StartsWith(wide, StringComparison.Ordinal) : file == wide;

    static IEnumerable<string> Wide(string file) =>
        from line in Repository.Lines(file).Index()
        where line.Item.Length > LineColumnsMax
        select $"{file}:{line.Index + 1}: {line.Item.Length} columns";
}
