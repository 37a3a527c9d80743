using System.Globalization;
using System.Text;

namespace Dispatch.Routing.Rules;

/// <summary>Prints the rules as docs/routing-rules.md has them; a test keeps the two the same.</summary>
public static class RulesDocument
{
    public static string Render()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# Routing rules, set {RoutingPolicy.RuleSet}\n\n"
                + $"The decision about a row, taken once, for the local date in Europe/Copenhagen on which the job was "
                + $"released. The first\nrule that applies decides. "
                + $"This page is printed from the table that decides (`RoutingRules`); a test compares them.\n\n"
                + $"## People\n");
        Append(text, RoutingRules.People);
        text.Append("""

            ## Companies
            Rules 1, 2, 3 and 6 come first, as for people.

            """);
        Append(text, RoutingRules.Companies);
        text.Append("""

            ## Afterwards

            """);
        Append(text, RoutingRules.Afterwards);
        return text.ToString();
    }

    static void Append(StringBuilder text, IEnumerable<RoutingRule> rules)
    {
        text.Append("\n| # | when | outcome |\n|---|---|---|\n");
        foreach (var rule in rules)
        {
            var outcomes = rule.Outcomes.Select(reason => $"{reason.Channel().Effect()} `{reason.Code()}`").Distinct();
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {rule.Number} | {rule.Condition} | {string.Join(", ", outcomes)} |\n");
        }
    }
}
