using Dispatch.Routing.Register;

namespace Dispatch.Routing.Rules;

/// <summary>All that the rules from the seventh on look at: the person or company reached, and the job's
/// wishes.</summary>
public readonly record struct RoutingCase(PersonFacts Person, int Age, bool IsRegistered, RoutingPolicy Policy)
{
    /// <summary>Digital mail is for those of 15 and over (Lov om Digital Post § 3).</summary>
    public const int DigitalAge = 15;

    /// <summary>Not enrolled for want of a fixed address in Denmark, and not signed up either (rule 13).</summary>
    public bool IsOutsideByAddress =>
        !Person.IsVoluntary && (CivilStatus.HasNoFixedAddress(Person.Status) || CivilStatus.IsAbroad(Person.Status));

    /// <summary>The reason of rule 15.</summary>
    public Reason EnrolledReason =>
        CivilStatus.HasNoFixedAddress(Person.Status) || CivilStatus.IsAbroad(Person.Status)
            ? Reason.Voluntary
            : Reason.Enrolled;
}
