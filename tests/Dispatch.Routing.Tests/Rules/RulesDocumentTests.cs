using System.Runtime.CompilerServices;
using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Tests.Rules;

public sealed class RulesDocumentTests
{
    /// <summary>Set to 1 to write the page anew after a change of the rules.</summary>
    const string UpdateVariable = "DISPATCH_UPDATE_DOCS";

    [Fact]
    public void Render_TheRules_IsThePageInDocs()
    {
        var page = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/routing-rules.md"));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(page, RulesDocument.Render());
        }

        Assert.Equal(File.ReadAllText(page), RulesDocument.Render());
    }

    [Fact]
    public void Rules_EveryReason_StandsInARule()
    {
        var told = RoutingRules.People.Concat(RoutingRules.Companies).Concat(RoutingRules.Afterwards)
            .SelectMany(rule => rule.Outcomes).ToHashSet();

        Assert.Empty(Reasons.All.Except(told));
    }

    static string Here([CallerFilePath] string path = "") => path;
}
