namespace Dispatch.Worker.Country;

/// <summary>Fills the country household by household until it has its people.</summary>
static class Settlement
{
    const int CancelCheckPeople = 1 << 14;

    public static Population Found(int people, int seed, CancellationToken cancellation)
    {
        var population = new Population(people, seed);
        var nextCheck = 0;
        while (!population.IsFull)
        {
            if (population.Count >= nextCheck)
            {
                cancellation.ThrowIfCancellationRequested();
                nextCheck += CancelCheckPeople;
            }

            var random = new SplitMix(seed, RandomStream.Household, population.Count);
            AddHousehold(population, ref random);
        }

        return population;
    }

    static void AddHousehold(Population population, ref SplitMix random)
    {
        var at = random.Below(1_000_000);
        if ((at -= Shares.OldNumber) < 0)
        {
            AddOldNumber(population, ref random);
        }
        else if ((at -= Shares.NoFixedAbode) < 0)
        {
            AddAlone(population, CivilStatus.NoFixedAbode, ref random);
        }
        else if ((at -= Shares.TaxOnly) < 0)
        {
            AddAlone(population, CivilStatus.TaxOnly, ref random);
        }
        else if ((at -= Shares.GreenlandNoFixedAbode) < 0)
        {
            AddAlone(population, CivilStatus.GreenlandNoFixedAbode, ref random);
        }
        else if ((at -= Shares.Annulled) < 0)
        {
            AddAlone(population, CivilStatus.Annulled, ref random);
        }
        else if ((at -= Shares.Reserved) < 0)
        {
            AddAlone(population, CivilStatus.Reserved, ref random);
        }
        else
        {
            var status = (at -= Shares.Emigrated) < 0 ? CivilStatus.Emigrated
                : at - Shares.Greenland < 0 ? CivilStatus.Greenland : CivilStatus.Resident;
            AddHome(population, status, ref random);
        }
    }

    static void AddHome(Population population, CivilStatus status, ref SplitMix random)
    {
        var at = random.Below(1_000_000);
        if ((at -= Shares.LivesAlone) < 0)
        {
            var age = AgeBand.Draw(AgeBand.Singles, ref random);
            Add(population, Role.Head, age, random.Hits(500_000), status, ref random);
        }
        else if ((at -= Shares.CoupleAlone) < 0)
        {
            AddParents(population, AgeBand.Draw(AgeBand.Couples, ref random), isCouple: true, status, ref random);
        }
        else
        {
            AddFamily(population, isCouple: at >= Shares.OneParent, status, ref random);
        }
    }

    static void AddFamily(Population population, bool isCouple, CivilStatus status, ref SplitMix random)
    {
        Span<int> children = stackalloc int[4];
        var count = random.Below(100) switch { < 47 => 1, < 87 => 2, < 98 => 3, _ => 4 };
        children[0] = random.Between(0, 16);
        for (var i = 1; i < count; i++)
        {
            children[i] = Math.Min(children[i - 1] + random.Between(1, 4), 20);
        }

        AddParents(population, children[count - 1] + random.Between(23, 38), isCouple, status, ref random);
        for (var i = count - 1; i >= 0; i--)
        {
            Add(population, Role.Child, children[i], random.Hits(513_000), status, ref random);
        }
    }

    /// <param name="age">Age of the older one.</param>
    static void AddParents(Population population, int age, bool isCouple, CivilStatus status, ref SplitMix random)
    {
        var isMale = random.Hits(isCouple ? 700_000 : 170_000);
        Add(population, Role.Head, age, isMale, status, ref random);
        if (isCouple)
        {
            var partnerAge = Math.Max(age - random.Between(0, 5), 18);
            var isSameSex = random.Hits(12_000);
            Add(population, Role.Partner, partnerAge, isMale == isSameSex, status, ref random);
        }
    }

    static void AddAlone(Population population, CivilStatus status, ref SplitMix random) =>
        Add(population, Role.Head, random.Between(18, 64), random.Hits(650_000), status, ref random);

    /// <summary>The old number has the person's own birth date, as most corrected numbers have.</summary>
    static void AddOldNumber(Population population, ref SplitMix random)
    {
        var before = population.Count - 1;
        if (before >= 0)
        {
            var status = random.Hits(Shares.OldNumberIsDouble) ? CivilStatus.Double : CivilStatus.Changed;
            population.Add(Role.OldNumber, population.BirthDate(before), population.IsMale(before), status);
        }
        else
        {
            AddAlone(population, CivilStatus.Resident, ref random);
        }
    }

    static void Add(
        Population population, Role role, int age, bool isMale, CivilStatus status, ref SplitMix random)
    {
        var year = CprNumbers.LastYear - age;
        var birthDate = new DateOnly(year, 1, 1).AddDays(random.Between(1, DateTime.IsLeapYear(year) ? 365 : 364));
        if (status == CivilStatus.Resident && role != Role.Child)
        {
            status = random.Hits(Shares.Dead(age)) ? CivilStatus.Dead
                : random.Hits(Shares.Disappeared) ? CivilStatus.Disappeared : status;
        }

        population.Add(role, birthDate, isMale, status);
    }
}
