using Dispatch.Routing.Register;

namespace Dispatch.Routing.Rules;

/// <summary>
/// The routing decision as data: the rules in their order, for people and for companies. The same table decides, is
/// printed as docs/routing-rules.md and explains decisions afterwards.
/// </summary>
public static class RoutingRules
{
    /// <summary>The rules for people.</summary>
    public static IReadOnlyList<RoutingRule> People { get; } =
    [
        new(1, "the number is malformed, has an impossible or future date or, for eight digits, a wrong check digit",
            [Reason.CprChars, Reason.CprLength, Reason.CprReplacement, Reason.CprDate,
                Reason.CprDateFuture, Reason.CvrCheck]),
        new(2, "the row has too few or too many fields (tested before anything else), "
            + "a field the letter needs is empty or not of its format, "
            + "or a field is too long or holds a forbidden character",
            [Reason.RowColumns, Reason.FieldMissing, Reason.FieldFormat, Reason.FieldChar, Reason.FieldTooLong]),
        new(3, "not in the register", [Reason.RegisterUnknown]),
        new(4, "the number is annulled or reserved (status 30, 10), or the status is none the rules know",
            [Reason.RegisterAnnulled, Reason.RegisterStatus]),
        new(5, "the number was replaced (status 50, 60): go on with the current number, at most four steps",
            [Reason.RegisterLoop, Reason.RegisterUnknown]),
        new(6, "same person and same reference as an earlier row of the job that got past rules 1 to 5",
            [Reason.Duplicate]),
        new(7, "dead (status 90)", [Reason.RecipientDeceased],
            row => row.Person.Status == CivilStatus.Dead ? Reason.RecipientDeceased : Reason.None),
        new(8, "disappeared (status 70)", [Reason.RecipientDisappeared],
            row => row.Person.Status == CivilStatus.Disappeared ? Reason.RecipientDisappeared : Reason.None),
        new(9, "the job is paper-only", [Reason.Requested],
            row => row.Policy.Wish == ChannelWish.PaperOnly ? Reason.Requested : Reason.None),
        new(10, "under 15 on the release date", [Reason.Under15],
            row => row.Age < RoutingCase.DigitalAge ? Reason.Under15 : Reason.None),
        new(11, "public sender and a message type that no exemption covers (state-payslip, su)",
            [Reason.ExemptionNotApplicable, Reason.Enrolled, Reason.Voluntary],
            row => !row.Policy.IsOutsideExemption ? Reason.None
                : row.Person.IsExempt || row.IsOutsideByAddress ? Reason.ExemptionNotApplicable
                : row.EnrolledReason),
        new(12, "exempt", [Reason.Exempt], row => row.Person.IsExempt ? Reason.Exempt : Reason.None),
        new(13, "no fixed address in Denmark (status 03, 07, 20) or abroad (05, 80), and not signed up voluntarily",
            [Reason.NoFixedAddress, Reason.Abroad],
            row => !row.IsOutsideByAddress ? Reason.None
                : CivilStatus.IsAbroad(row.Person.Status) ? Reason.Abroad
                : Reason.NoFixedAddress),
        new(14, "private sender the person is not registered with", [Reason.NotRegistered, Reason.RefusedNotRegistered],
            row => row.Policy.IsPublicSender || row.IsRegistered ? Reason.None
                : row.Policy.IsUnregisteredRefused ? Reason.RefusedNotRegistered
                : Reason.NotRegistered),
        new(15, "everybody else", [Reason.Enrolled, Reason.Voluntary], row => row.EnrolledReason),
    ];

    /// <summary>The rules for companies; rules 1, 2, 3 and 6 come before them as for people.</summary>
    public static IReadOnlyList<RoutingRule> Companies { get; } =
    [
        new(7, "closed", [Reason.RecipientClosed], row => row.Person.IsClosed ? Reason.RecipientClosed : Reason.None),
        new(9, "the job is paper-only", [Reason.Requested],
            row => row.Policy.Wish == ChannelWish.PaperOnly ? Reason.Requested : Reason.None),
        new(12, "exempt", [Reason.Exempt], row => row.Person.IsExempt ? Reason.Exempt : Reason.None),
        new(15, "every other company", [Reason.Company], _ => Reason.Company),
    ];

    /// <summary>What may still turn a decision when the letter is addressed and measured.</summary>
    public static IReadOnlyList<RoutingRule> Afterwards { get; } =
    [
        new(16, "the job is digital-only and the outcome would be paper", [Reason.NotDigital]),
        new(17, "paper, but no address that is safe to write to, or no name to address it to",
            [Reason.AddressUnsafe, Reason.AddressMissing]),
        new(18, "the letter cannot be composed: the name it prints is empty or nothing of it is left, "
            + "the register's name or address holds a forbidden character, "
            + "a character is in no font or written from right to left, "
            + "the address does not fit its window or a table row its page, more than 100 pages",
            [Reason.FieldMissing, Reason.FieldChar, Reason.RenderGlyph, Reason.RenderOverflow,
                Reason.RenderTooManyPages]),
        new(19, "an operator refused a held row, or cancelled the job", [Reason.OperatorRefused, Reason.JobCancelled]),
    ];

    static readonly Func<RoutingCase, Reason>[] ForPeople =
        [.. People.Where(rule => rule.Apply != null).Select(rule => rule.Apply!)];

    static readonly Func<RoutingCase, Reason>[] ForCompanies = [.. Companies.Select(rule => rule.Apply!)];

    /// <summary>Decides for somebody who is in the register and no duplicate: rules 7 to 16.</summary>
    public static Reason Decide(in RoutingCase row)
    {
        var reason = Reason.None;
        foreach (var apply in row.Person.IsCompany ? ForCompanies : ForPeople)
        {
            reason = apply(row);
            if (reason != Reason.None)
            {
                break;
            }
        }

        return row.Policy.Wish == ChannelWish.DigitalOnly && reason.Channel() == Channel.Paper
            ? Reason.NotDigital
            : reason;
    }

    /// <summary>
    /// Whether there is an address that is safe to write to (rule 17): <see cref="Reason.None"/> when there is. People
    /// under threat are registered without a fixed abode, and an old address could put them in danger, so protection
    /// and status 03 or 07 together hold the letter whatever lines there are.
    /// </summary>
    public static Reason CheckAddress(PersonFacts person)
    {
        if (person.IsProtected
            && person.Status is CivilStatus.ActiveNoFixedAbode or CivilStatus.GreenlandNoFixedAbode)
        {
            return Reason.AddressUnsafe;
        }

        var hasAddress = person.HasContact
            || (person.HasStreet
                && (person.IsCompany || person.Status is CivilStatus.Active or CivilStatus.ActiveGreenland));
        return hasAddress ? Reason.None : Reason.AddressMissing;
    }

    /// <summary>The rule that gave a reason, for explaining a stored decision.</summary>
    /// <param name="facts">Of the effect: nobody was looked up yet where rule 2 refused.</param>
    public static RoutingRule RuleOf(Reason reason, EffectFacts facts, bool isOutsideExemption)
    {
        var rules = facts.IsCompany ? Companies.Concat(People.Take(6)) : People;
        return rules.Concat(Afterwards).First(rule => rule.Outcomes.Contains(reason)
            && (rule.Number != 11 || isOutsideExemption) && (rule.Number != 2 || !facts.WasFound));
    }
}
