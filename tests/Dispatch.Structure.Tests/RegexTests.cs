using System.Text.RegularExpressions;

namespace Dispatch.Structure.Tests;

/// <summary>No text can make a pattern slow.</summary>
public sealed class RegexTests
{
    /// <summary>
    /// These look ahead or behind, which needs backtracking; each repeats one class only, and so is linear.
    /// </summary>
    static readonly string[] Backtracking =
    [
        "src/Dispatch.Worker/Commands/Failure.cs: CprPattern",
        "src/Dispatch.Worker/Database/Jobs/JobOrderReader.cs: OneLine",
        "src/Dispatch.Worker/Database/Jobs/JobOrderReader.cs: PlainFileName",
    ];

    [Fact]
    public void Patterns_Sources_DoNotBacktrack()
    {
        var found = Repository.Find("src", "*.cs").SelectMany(Declarations).ToList();

        Assert.True(found.Count > 10);
        Assert.Equal(Backtracking, found.Where(f => !f.IsBounded).Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sources_OtherPatterns_AreNone() => Repository.ExpectNone(
        Repository.Find("src", "*.cs").Where(file => Regex.IsMatch(
            Repository.Text(file), @"new Regex\(|Regex\.(IsMatch|Match|Replace|Split)\(\s*\w+,")));

    static IEnumerable<(string Name, bool IsBounded)> Declarations(string file) =>
        from declaration in Regex.Matches(
            Repository.Text(file),
            @"\[GeneratedRegex\((.*?)\)\]\s*private static partial Regex (\w+)\(",
            RegexOptions.Singleline)
        let isBounded = declaration.Groups[1].Value.Contains("NonBacktracking", StringComparison.Ordinal)
        select ($"{file}: {declaration.Groups[2].Value}", isBounded);
}
