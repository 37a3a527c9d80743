namespace Dispatch.Worker.Country;

/// <summary>Who looks after whom outside the household.</summary>
static class Relations
{
    public const int Nobody = -1;

    const int SearchPeopleMax = 64;

    /// <summary>No household is larger: whoever is this far away is of another.</summary>
    const int OtherHouseholdAway = 8;

    /// <summary>The person's guardian, or <see cref="Nobody"/>.</summary>
    public static int Guardian(Population population, int person)
    {
        var random = new SplitMix(population.Seed, RandomStream.Guardian, person);
        var isUnderGuardianship = population.Age(person) >= 18
            && population.Status(person) == CivilStatus.Resident
            && random.Hits(Shares.Guardian);
        return isUnderGuardianship ? SomeAdult(population, person, ref random) : Nobody;
    }

    /// <summary>A resident adult of another household, or <see cref="Nobody"/> in the smallest countries.</summary>
    public static int SomeAdult(Population population, int person, ref SplitMix random)
    {
        var candidate = random.Below(population.Count);
        for (var i = 0; i < SearchPeopleMax; i++)
        {
            if (Math.Abs(candidate - person) > OtherHouseholdAway
                && population.Age(candidate) is >= 25 and <= 75
                && population.Status(candidate) == CivilStatus.Resident
                && population.RoleOf(candidate) != Role.OldNumber)
            {
                return candidate;
            }

            candidate = (candidate + 1) % population.Count;
        }

        return Nobody;
    }
}
