using System.Globalization;

namespace Dispatch.System.Tests.Oracle.World;

/// <summary>
/// The register that holds every status, age edge, exemption, voluntary sign-up, protection, address case and way of
/// being registered with a private sender, each in combination with the others; and every kind of chain.
/// </summary>
sealed class WorldRegister
{
    /// <summary>Every name starts with it, so that one search proves no name got where it must not be.</summary>
    public const string NameMark = "Kanarinavn";

    public const string PrivateSender = "10000009";

    const string OtherPrivateSender = "10000017";

    static readonly string[] Statuses = ["01", "03", "05", "07", "10", "20", "30", "44", "70", "80", "90"];
    static readonly string[] ChainEndStatuses = ["10", "30", "44", "70", "80", "90"];
    static readonly string[] CenturyYears = ["00", "12", "36", "37", "57", "58", "99"];
    static readonly string[] CenturyDays = ["1506", "2902"];
    static readonly string[] CompanyStreets = ["", "Kanarihavnen 2"];
    static readonly bool[] Both = [false, true];

    readonly MadeUpNumbers _numbers;
    readonly DateOnly _today;
    int _names;

    public WorldRegister(MadeUpNumbers numbers, DateOnly today)
    {
        _numbers = numbers;
        _today = today;
        AddGrid();
        AddSingles();
        AddCenturies();
        AddChains();
        AddCompanies();
    }

    public Register Register { get; } = new();

    /// <summary>CPR and CVR numbers to write to, in the order of their making; not all of them are live
    /// people.</summary>
    public List<string> Recipients { get; } = [];

    /// <summary>The own numbers of people whom <see cref="Recipients"/> names by an old one.</summary>
    public List<string> ChainEnds { get; } = [];

    void AddGrid()
    {
        var births = new[]
        {
            AgeEdges.Adult, AgeEdges.Child, AgeEdges.BirthdayToday(_today), AgeEdges.BirthdayTomorrow(_today),
        };
        var grid = from status in Statuses
                   from born in births
                   from exempt in Both
                   from voluntary in Both
                   from hidden in Both
                   from address in Addresses.Cases
                   from registration in Enumerable.Range(0, 3)
                   select (address(Some(born) with
                   {
                       Status = status,
                       IsExempt = exempt,
                       IsVoluntary = voluntary,
                       IsProtected = hidden,
                   }), registration);
        foreach (var (person, registration) in grid)
        {
            Register.Add(person);
            Recipients.Add(person.Cpr);
            AddRegistration(person, registration);
        }
    }

    /// <summary>With another sender only, under the own number, or under a number the person had before.</summary>
    void AddRegistration(Person person, int way)
    {
        if (way == 2)
        {
            Register.Registrations.Add((AddOldNumber(person.Cpr, "60"), PrivateSender));
            return;
        }

        Register.Registrations.Add((person.Cpr, way == 1 ? PrivateSender : OtherPrivateSender));
    }

    void AddSingles()
    {
        foreach (var born in AgeEdges.Single(_today))
        {
            Include(Addresses.StreetOnly(Some(born)));
        }

        Include(Addresses.ForeignGlyph(Some(AgeEdges.Adult)));
        Include(Addresses.ForeignGlyph(Some(AgeEdges.Adult) with { IsExempt = true }));
        Include(Addresses.Overlong(Some(AgeEdges.Adult)));
        Include(Addresses.Overlong(Some(AgeEdges.Adult) with { IsExempt = true }));
        Include(Addresses.StreetOnly(Some(AgeEdges.Adult) with { Name = NameMark + " 中" }));
        Include(Addresses.StreetOnly(Some(AgeEdges.Adult) with { Name = NameMark + " 中", IsExempt = true }));
        Include(Addresses.StreetOnly(Some(AgeEdges.Adult) with { BirthDate = AgeEdges.Child }));
        Include(Addresses.StreetOnly(Some(AgeEdges.Child) with { BirthDate = AgeEdges.Adult }));
    }

    /// <summary>Each seventh digit with the years on both sides of its borders, and 29 February of a year 00.</summary>
    void AddCenturies()
    {
        var all = from year in CenturyYears
                  from digit7 in Enumerable.Range(0, 10)
                  from day in CenturyDays
                  select MadeUpNumbers.CprWithDigit7(day + year, digit7);
        foreach (var cpr in all)
        {
            Recipients.Add(cpr);
            if (RecipientNumber.Read(cpr, _today).Fault is null)
            {
                Register.Add(Addresses.StreetOnly(Some(AgeEdges.Adult) with { Cpr = cpr }));
            }
        }
    }

    void AddChains()
    {
        Person[] ends =
        [
            Some(AgeEdges.Adult), Some(AgeEdges.Child), Some(AgeEdges.Adult) with { IsExempt = true },
            .. ChainEndStatuses.Select(s => Some(AgeEdges.Adult) with { Status = s }),
        ];
        foreach (var (kind, length) in ends.SelectMany(e => Enumerable.Range(1, 5).Select(length => (e, length))))
        {
            var end = Addresses.StreetOnly(kind with { Cpr = _numbers.Cpr(kind.Born), Name = NextName() });
            Register.Add(end);
            ChainEnds.Add(end.Cpr);
            var number = end.Cpr;
            for (var step = 1; step <= length; step++)
            {
                number = AddOldNumber(number, step % 2 == 0 ? "50" : "60");
            }

            Recipients.Add(number);
        }

        Recipients.Add(AddOldNumber("", "60"));
        Recipients.Add(AddOldNumber("", "50"));
        Recipients.Add(AddOldNumber(_numbers.Cpr(AgeEdges.Adult), "60"));
        var (first, second, own) = (Some(AgeEdges.Adult), Some(AgeEdges.Adult), Some(AgeEdges.Adult));
        Include(first with { Status = "60", CurrentCpr = second.Cpr });
        Include(second with { Status = "50", CurrentCpr = first.Cpr });
        Include(own with { Status = "60", CurrentCpr = own.Cpr });
    }

    void AddCompanies()
    {
        foreach (var (active, exempt, street) in from active in Both
                                                 from exempt in Both
                                                 from street in CompanyStreets
                                                 select (active, exempt, street))
        {
            var company = new Company
            {
                Cvr = _numbers.Cvr(),
                Name = NextName() + " ApS",
                Street = street,
                Postcode = "7100",
                City = "Vejle",
                IsActive = active,
                IsExempt = exempt,
            };
            Register.Add(company);
            Recipients.Add(company.Cvr);
        }
    }

    string AddOldNumber(string current, string status)
    {
        var old = Some(AgeEdges.Adult.AddDays(1 + (_names % 200))) with { Status = status, CurrentCpr = current };
        Register.Add(old);
        return old.Cpr;
    }

    void Include(Person person)
    {
        Register.Add(person);
        Recipients.Add(person.Cpr);
    }

    Person Some(DateOnly born) => new() { Cpr = _numbers.Cpr(born), Name = NextName() };

    /// <summary>A name of its own for each: letters only, so that it is found whole in the text of a page.</summary>
    string NextName()
    {
        var number = (_names++).ToString("0000000", CultureInfo.InvariantCulture);
        return $"{NameMark} K{new string([.. number.Select(d => (char)('a' + d - '0'))])}";
    }
}
