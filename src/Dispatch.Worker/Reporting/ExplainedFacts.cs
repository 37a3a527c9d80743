using System.Text.Json.Serialization;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Reporting;

/// <summary>The register facts the rules read, as they were when the row was decided.</summary>
/// <param name="InRegister">False when the row was refused before anybody was looked up, or nobody was found.</param>
/// <param name="NumbersFollowed">Changed or double numbers on the way to the current one.</param>
sealed record ExplainedFacts(
    bool InRegister,
    bool IsCompany,
    int NumbersFollowed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Age,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsExempt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsVoluntary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsProtected,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? HasContactAddress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? HasStreetAddress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsRegisteredWithSender)
{
    public static ExplainedFacts Of(EffectFacts facts, bool isPrivateSender)
    {
        var person = facts.Person;
        if (!facts.WasFound)
        {
            return new(false, facts.IsCompany, facts.Hops, null, null, null, null, null, null, null, null);
        }

        return facts.IsCompany
            ? new(true, true, 0, person.IsClosed ? "closed" : "active", null, person.IsExempt, null, null, null,
                person.HasStreet, null)
            : new(true, false, facts.Hops, $"{person.Status:00}", facts.Age, person.IsExempt, person.IsVoluntary,
                person.IsProtected, person.HasContact, person.HasStreet, isPrivateSender ? facts.IsRegistered : null);
    }

    /// <summary>In words, for the operator.</summary>
    public override string ToString()
    {
        if (!InRegister)
        {
            return NumbersFollowed == 0
                ? "nobody was looked up or found"
                : $"nobody (numbers followed: {NumbersFollowed})";
        }

        var words = new List<string> { IsCompany ? $"company, {Status}" : $"civil status {Status}, age {Age}" };
        Say(IsExempt, "exempt", "not exempt");
        Say(IsVoluntary, "signed up voluntarily", null);
        Say(IsProtected, "name and address protection", null);
        Say(HasContactAddress, "contact address", null);
        Say(HasStreetAddress, "registered address", "no registered address");
        Say(IsRegisteredWithSender, "registered with the sender", "not registered with the sender");
        if (NumbersFollowed > 0)
        {
            words.Add($"numbers followed: {NumbersFollowed}");
        }

        return string.Join(", ", words);

        void Say(bool? fact, string yes, string? no)
        {
            if ((fact is true ? yes : fact is false ? no : null) is { } word)
            {
                words.Add(word);
            }
        }
    }
}
