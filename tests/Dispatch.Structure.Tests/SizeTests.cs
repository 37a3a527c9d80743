using System.Globalization;
using System.Text.RegularExpressions;

namespace Dispatch.Structure.Tests;

/// <summary>Nobody reads a file of a thousand lines. What may be larger is named here, and the lists only
/// shrink.</summary>
public sealed partial class SizeTests
{
    const int FileLinesMax = 300;
    const int MethodLinesMax = 70;

    /// <summary>Every mutation of the ledger stands beside the invariant it breaks.</summary>
    static readonly string[] LongFiles = ["tests/Dispatch.Worker.Tests/Reporting/Audit/LedgerAuditTests.cs"];

    static readonly string[] LongMethods = [];

    [Fact]
    public void Files_Sources_AreShort()
    {
        var files = Repository.Find("src", "*.cs").Concat(Repository.Find("tests", "*.cs")).Concat(
            Repository.Find("perf", "*.cs"));
        var faults = from file in files.Except(LongFiles)
                     let lines = Repository.Lines(file).Length
                     where lines > FileLinesMax
                     select $"{file}: {lines}";

        Repository.ExpectNone(faults);
    }

    [Fact]
    public void Methods_Sources_AreShort()
    {
        var methods = Repository.Find("src", "*.cs").SelectMany(Members).ToList();
        Assert.True(methods.Count > 100, "the scan found too few members to be right");

        Repository.ExpectNone(
            methods.Where(m => m.Lines > MethodLinesMax && !LongMethods.Contains(m.Name)).Select(
                m => $"{m.Name}: {m.Lines}"));
    }

    // The format is checked, so a member's body is what stands between two braces of the same indentation.
    static IEnumerable<(string Name, int Lines)> Members(string file)
    {
        var lines = Repository.Lines(file);
        for (var i = 1; i < lines.Length; i++)
        {
            var indentation = lines[i].Length - 1;
            if (lines[i].TrimStart() != "{" || indentation is not (4 or 8))
            {
                continue;
            }

            var header = i - 1;
            while (header > 0 && lines[header - 1].Length > 0 && IndentationOf(lines[header]) > indentation)
            {
                header--;
            }

            var end = Array.IndexOf(lines, new string(' ', indentation) + "}", i);
            if (indentation == 4 == !TypePattern().IsMatch(lines[header]) && end > 0)
            {
                yield return (
                    string.Create(CultureInfo.InvariantCulture, $"{file}: {lines[header].Trim()}"), end - header + 1);
            }
        }
    }

    static int IndentationOf(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"\b(class|struct|record|enum|interface)\s")]
    private static partial Regex TypePattern();
}
