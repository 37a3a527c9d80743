using System.Text.RegularExpressions;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Trail;

/// <summary>What the trail tells of, as docs/invariants.md lists it.</summary>
static class DocumentedActions
{
    public static IReadOnlyList<string> Read()
    {
        var text = File.ReadAllText(Path.Combine(TestFolder.Repository, "docs", "invariants.md"));
        var table = text.Split("| action | when |\n|---|---|\n")[1].Split("\n\n")[0];
        var actions = table.Split('\n').SelectMany(row => Regex.Matches(row.Split('|')[1], "`([a-z_]+)`"))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.True(actions.Count > 40, "the table of events was not found");
        return actions;
    }
}
