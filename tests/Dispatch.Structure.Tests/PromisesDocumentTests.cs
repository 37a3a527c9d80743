using System.Text.RegularExpressions;

namespace Dispatch.Structure.Tests;

/// <summary>docs/promises.md speaks of tests that are there.</summary>
public sealed class PromisesDocumentTests
{
    [Fact]
    public void Document_TestsItNames_AreThere()
    {
        var files = Repository.Find("tests", "*Tests.cs").ToLookup(
            file => Path.GetFileNameWithoutExtension(file), Repository.Text, StringComparer.Ordinal);
        var named = Regex.Matches(Repository.Text("docs/promises.md"), @"`(\w+Tests)(?:\.(\w+))?`").ToList();

        Assert.True(named.Count > 15);
        Repository.ExpectNone(named
            .Where(test => !files[test.Groups[1].Value].Any(
                text => test.Groups[2].Length == 0
                    || text.Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal)))
            .Select(test => test.Value));
    }
}
