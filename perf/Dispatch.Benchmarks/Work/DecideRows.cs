using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Benchmarks.Work;

/// <summary>The decision for people of every kind a public sender's list has, nine of ten enrolled.</summary>
sealed class DecideRows
{
    readonly RoutingCase[] _cases = [.. Enumerable.Range(0, TaxList.Rows).Select(CaseOf)];

    /// <summary>The same for these people, without a table of rules to explain it by.</summary>
    public int Branch()
    {
        var sum = 0;
        foreach (ref readonly var row in _cases.AsSpan())
        {
            sum += (int)Plainly(row);
        }

        return sum;
    }

    public int Decide()
    {
        var sum = 0;
        foreach (ref readonly var row in _cases.AsSpan())
        {
            sum += (int)RoutingRules.Decide(row);
        }

        return sum;
    }

    static Reason Plainly(in RoutingCase row)
    {
        var person = row.Person;
        return person.Status == CivilStatus.Dead ? Reason.RecipientDeceased
            : person.Status == CivilStatus.Disappeared ? Reason.RecipientDisappeared
            : row.Policy.Wish == ChannelWish.PaperOnly ? Reason.Requested
            : row.Age < RoutingCase.DigitalAge ? Reason.Under15
            : person.IsExempt ? Reason.Exempt
            : row.IsOutsideByAddress ? Reason.NoFixedAddress
            : row.EnrolledReason;
    }

    static RoutingCase CaseOf(int row) => new(
        PersonFacts.Person(
            row % 97 == 0 ? CivilStatus.Dead : CivilStatus.Active, false, row % 20 == 0, false, false, true, false),
        row % 31 == 0 ? 9 : 46, false, new RoutingPolicy(true, false, ChannelWish.Auto, false));
}
