using System.Text.RegularExpressions;

namespace Dispatch.Structure.Tests;

/// <summary>docs/security.md speaks of every requirement once, and of tests that are there.</summary>
public sealed class SecurityDocumentTests
{
    const int Requirements = 50;

    static readonly Regex Row = new(
        @"^\| (S[0-9]{2}) \| [^|]+ \| (held|partly|open|does not apply) \| ([^|]+) \|\r?$", RegexOptions.Multiline);

    [Fact]
    public void Document_Requirements_StandInItOnceEach() => Assert.Equal(
        Enumerable.Range(1, Requirements).Select(number => $"S{number:00}"),
        Rows().Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Document_TestsItNames_AreThere()
    {
        var classes = Repository.Find("tests", "*Tests.cs")
            .Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet(StringComparer.Ordinal);
        var named = Rows().SelectMany(
            row => Regex.Matches(row.Groups[3].Value, "`([A-Za-z]+Tests)`").Select(m => m.Groups[1].Value)).ToList();

        Assert.True(named.Count > Requirements);
        Repository.ExpectNone(named.Distinct().Where(name => !classes.Contains(name)));
    }

    [Fact]
    public void Document_WhatIsHeld_NamesATest() => Repository.ExpectNone(
        Rows().Where(
            row => row.Groups[2].Value == "held" && !row.Groups[3].Value.Contains("Tests`", StringComparison.Ordinal))
            .Select(row => $"{row.Groups[1].Value} is held by no test"));

    static List<Match> Rows() => [.. Row.Matches(Repository.Text("docs/security.md")).Cast<Match>()];
}
