namespace Dispatch.Worker.Country;

/// <summary>
/// Everybody in the register, in its order, seven bytes each: what the files must agree on. All else about a person
/// (name, address, amounts) is drawn again from the person's own random streams when a file is written.
/// </summary>
sealed class Population
{
    /// <summary>Ages count on this day, whenever the country is made.</summary>
    public static readonly DateOnly AgesOn = new(CprNumbers.LastYear + 1, 1, 1);

    readonly uint[] _cpr;
    readonly byte[] _ages;
    readonly Role[] _roles;
    readonly CivilStatus[] _statuses;
    readonly CprNumbers _numbers;

    public Population(int people, int seed)
    {
        Seed = seed;
        _cpr = new uint[people];
        _ages = new byte[people];
        _roles = new Role[people];
        _statuses = new CivilStatus[people];
        _numbers = new CprNumbers(seed);
    }

    public int Seed { get; }

    /// <summary>People so far; all of them once the country is settled.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == _cpr.Length;

    public uint Cpr(int person) => _cpr[person];

    public int Age(int person) => _ages[person];

    public Role RoleOf(int person) => _roles[person];

    public CivilStatus Status(int person) => _statuses[person];

    public bool IsMale(int person) => _cpr[person] % 2 == 1;

    public DateOnly BirthDate(int person)
    {
        var front = _cpr[person] / 10_000;
        return new DateOnly(CprNumbers.LastYear - _ages[person], (int)(front / 100 % 100), (int)(front / 10_000));
    }

    /// <summary>The person an old number belonged to; the person itself for everybody else.</summary>
    public int CurrentPerson(int person)
    {
        while (_roles[person] == Role.OldNumber)
        {
            person--;
        }

        return person;
    }

    public int HeadOf(int person)
    {
        while (_roles[person] != Role.Head)
        {
            person--;
        }

        return person;
    }

    /// <summary>Does nothing when the country is full: the last household may be cut short.</summary>
    public void Add(Role role, DateOnly birthDate, bool isMale, CivilStatus status)
    {
        if (IsFull)
        {
            return;
        }

        _cpr[Count] = _numbers.Take(birthDate, isMale);
        _ages[Count] = (byte)(CprNumbers.LastYear - birthDate.Year);
        _roles[Count] = role;
        _statuses[Count] = status;
        Count++;
    }
}
