namespace Dispatch.System.Tests.Oracle;

/// <summary>The register as the test made it: the only source of the oracle's facts.</summary>
sealed class Register
{
    const int StepsMax = 4;

    public Dictionary<string, Person> People { get; } = [];

    public Dictionary<string, Company> Companies { get; } = [];

    /// <summary>(CPR number as registered, CVR number of the private sender).</summary>
    public HashSet<(string Cpr, string SenderCvr)> Registrations { get; } = [];

    public void Add(Person person) => People.Add(person.Cpr, person);

    public void Add(Company company) => Companies.Add(company.Cvr, company);

    /// <summary>Rules 3 to 5: the person whom a number means today, or why there is none.</summary>
    public (Person? Person, string? Fault) Find(string cpr)
    {
        for (var steps = 0; ; steps++)
        {
            if (cpr.Length == 0 || !People.TryGetValue(cpr, out var person))
            {
                return (null, "register.unknown");
            }

            switch (person.Status)
            {
                case "30" or "10":
                    return (null, "register.annulled");
                case "50" or "60" when steps == StepsMax:
                    return (null, "register.loop");
                case "50" or "60":
                    cpr = person.CurrentCpr;
                    break;
                case "01" or "03" or "05" or "07" or "20" or "70" or "80" or "90":
                    return (person, null);
                default:
                    return (null, "register.status");
            }
        }
    }

    /// <summary>The people registered with a private sender, under whichever of their numbers.</summary>
    public HashSet<string> RegisteredWith(string senderCvr) =>
        [.. Registrations.Where(r => r.SenderCvr == senderCvr)
            .Select(r => Find(r.Cpr).Person?.Cpr).OfType<string>()];
}
