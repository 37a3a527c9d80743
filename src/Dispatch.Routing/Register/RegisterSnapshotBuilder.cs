using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Register;

/// <summary>
/// Builds a <see cref="RegisterSnapshot"/> from rows in the order of their numbers: first all people by CPR number,
/// then all companies by CVR number, then the registrations with one private sender.
/// </summary>
public sealed class RegisterSnapshotBuilder
{
    readonly int[] _groupStarts = new int[RegisterSnapshot.GroupCount + 1];
    readonly RegisterSnapshotColumn<ushort> _serials;
    readonly RegisterSnapshotColumn<RegisterEntry> _entries;
    readonly List<uint> _cvrs = [];
    readonly Dictionary<int, uint> _currentCprs = [];
    readonly NamePoolBuilder? _names;
    uint _lastNumber;

    /// <param name="withNames">Keep the names; needed only when the letter prints them.</param>
    /// <param name="expectedCount">How many rows will come, so that nothing is copied while growing.</param>
    public RegisterSnapshotBuilder(bool withNames, int expectedCount = 0)
    {
        _serials = new(expectedCount);
        _entries = new(expectedCount);
        _names = withNames ? new(expectedCount) : null;
    }

    /// <summary>Adds a person; numbers must ascend.</summary>
    /// <param name="cpr">The ten digits as a number; its first six digits must be a day, month and year.</param>
    /// <param name="birthDay">Days as in <see cref="BirthDay"/>.</param>
    /// <param name="currentCpr">The number that replaced this one, or 0.</param>
    public void AddPerson(
        uint cpr, int personId, PersonFacts facts, ushort birthDay, uint currentCpr, ReadOnlySpan<byte> name)
    {
        var group = GroupOf(cpr);
        if (group < 0 || (_serials.Count > 0 && cpr <= _lastNumber) || _cvrs.Count > 0)
        {
            throw new ArgumentException(
                "people must come in the order of their CPR numbers, before companies", nameof(cpr));
        }

        _lastNumber = cpr;
        _groupStarts[group + 1]++;
        _serials.Add((ushort)(cpr % 10_000));
        if (currentCpr != 0)
        {
            _currentCprs.Add(_entries.Count, currentCpr);
        }

        Add(personId, facts, birthDay, name);
    }

    /// <summary>Adds a company; numbers must ascend.</summary>
    public void AddCompany(uint cvr, int personId, PersonFacts facts, ReadOnlySpan<byte> name)
    {
        if (_cvrs.Count > 0 && cvr <= _cvrs[^1])
        {
            throw new ArgumentException("companies must come in the order of their CVR numbers", nameof(cvr));
        }

        _cvrs.Add(cvr);
        Add(personId, facts, 0, name);
    }

    /// <param name="registeredCprs">Numbers of people who want the private sender's post digitally.</param>
    public RegisterSnapshot Build(long version, IReadOnlyCollection<uint> registeredCprs)
    {
        for (var i = 0; i < RegisterSnapshot.GroupCount; i++)
        {
            _groupStarts[i + 1] += _groupStarts[i];
        }

        var registered = RegisterSnapshot.NobodyRegistered(_entries.Count);
        var snapshot = new RegisterSnapshot(
            version, _groupStarts, _serials.Finish(), [.. _cvrs], _entries.Finish(), registered, _currentCprs,
            _names?.Finish() ?? NamePool.Empty);
        Register(snapshot, registered, registeredCprs);
        return snapshot;
    }

    /// <summary>Marks who registered, in the bits the snapshot was made with.</summary>
    internal static void Register(RegisterSnapshot snapshot, ulong[] registered, IReadOnlyCollection<uint> cprs)
    {
        foreach (var cpr in cprs)
        {
            Register(snapshot, registered, cpr);
        }
    }

    /// <summary>The group of a number: its day, month and year; −1 when they are out of range.</summary>
    internal static int GroupOf(uint cpr)
    {
        var date = cpr / 10_000;
        var day = date / 10_000;
        var month = date / 100 % 100;
        return day - 1 < 31 && month - 1 < 12 ? (int)(((day - 1) * 12 + month - 1) * 100 + date % 100) : -1;
    }

    // A registration made under an older number counts as the person's: it is carried along the changes of number. A
    // number that has it already has passed it on, so a ring of numbers comes to an end.
    static void Register(RegisterSnapshot snapshot, ulong[] registered, uint cpr)
    {
        var index = snapshot.FindPerson(cpr);
        while (index >= 0 && !snapshot.IsRegistered(index))
        {
            registered[index >> 6] |= 1UL << (index & 63);
            index = CivilStatus.IsReplaced(snapshot.Facts(index).Status)
                ? snapshot.FindPerson(snapshot.CurrentCpr(index))
                : -1;
        }
    }

    void Add(int personId, PersonFacts facts, ushort birthDay, ReadOnlySpan<byte> name)
    {
        _entries.Add(new(personId, facts, birthDay));
        _names?.Add(name);
    }
}
