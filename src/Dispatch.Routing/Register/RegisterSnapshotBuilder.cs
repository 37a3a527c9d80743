namespace Dispatch.Routing.Register;

/// <summary>
/// Builds a <see cref="RegisterSnapshot"/> from rows in the order of their numbers: first all people by CPR number, then
/// all companies by CVR number, then the registrations with one private sender.
/// </summary>
public sealed class RegisterSnapshotBuilder
{
    const int PageBits = 20;

    readonly bool _withNames;
    readonly int[] _groupStarts = new int[RegisterSnapshot.GroupCount + 1];
    readonly List<ushort> _serials;
    readonly List<uint> _cvrs = [];
    readonly List<int> _personIds;
    readonly List<ushort> _facts;
    readonly List<ushort> _birthDays;
    readonly Dictionary<int, uint> _currentCprs = [];
    readonly List<byte[]> _pages = [];
    readonly List<long> _nameOffsets = [];
    readonly List<byte> _nameLengths = [];
    readonly Dictionary<int, byte[]> _longNames = [];
    readonly byte[] _nameBlock = new byte[NamePool.Stride * byte.MaxValue];
    int _nameBlockLength;
    int _pageUsed = 1 << PageBits;
    uint _lastNumber;

    /// <param name="withNames">Keep the names; needed only when the letter prints them.</param>
    /// <param name="expectedCount">How many rows will come, so that nothing is copied while growing.</param>
    public RegisterSnapshotBuilder(bool withNames, int expectedCount = 0)
    {
        _withNames = withNames;
        _serials = new(expectedCount);
        _personIds = new(expectedCount);
        _facts = new(expectedCount);
        _birthDays = new(expectedCount);
    }

    /// <summary>Adds a person; numbers must ascend.</summary>
    /// <param name="cpr">The ten digits as a number; its first six digits must be a day, month and year.</param>
    /// <param name="birthDay">Days as in <see cref="BirthDay"/>.</param>
    /// <param name="currentCpr">The number that replaced this one, or 0.</param>
    public void AddPerson(uint cpr, int personId, PersonFacts facts, ushort birthDay, uint currentCpr, ReadOnlySpan<byte> name)
    {
        var group = GroupOf(cpr);
        if (group < 0 || (_serials.Count > 0 && cpr <= _lastNumber) || _cvrs.Count > 0)
        {
            throw new ArgumentException("people must come in the order of their CPR numbers, before companies", nameof(cpr));
        }

        _lastNumber = cpr;
        _groupStarts[group + 1]++;
        _serials.Add((ushort)(cpr % 10_000));
        if (currentCpr != 0)
        {
            _currentCprs.Add(_personIds.Count, currentCpr);
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
        FlushNames();
        for (var i = 0; i < RegisterSnapshot.GroupCount; i++)
        {
            _groupStarts[i + 1] += _groupStarts[i];
        }

        var registered = new ulong[(_personIds.Count >> 6) + 1];
        var names = _withNames
            ? new NamePool([.. _pages], PageBits, [.. _nameOffsets], Fit(_nameLengths), _longNames)
            : NamePool.Empty;
        var snapshot = new RegisterSnapshot(
            version, _groupStarts, Fit(_serials), [.. _cvrs], Fit(_personIds), Fit(_facts), Fit(_birthDays), registered,
            _currentCprs, names);
        foreach (var cpr in registeredCprs)
        {
            Register(snapshot, registered, cpr);
        }

        return snapshot;
    }

    /// <summary>The group of a number: its day, month and year; −1 when they are out of range.</summary>
    internal static int GroupOf(uint cpr)
    {
        var date = cpr / 10_000;
        var day = date / 10_000;
        var month = date / 100 % 100;
        return day - 1 < 31 && month - 1 < 12 ? (int)(((day - 1) * 12 + month - 1) * 100 + date % 100) : -1;
    }

    // A registration made under an older number counts as the person's: it is carried along the chain of numbers.
    static void Register(RegisterSnapshot snapshot, ulong[] registered, uint cpr)
    {
        const int StepsMax = 4;
        for (var step = 0; step <= StepsMax; step++)
        {
            var index = snapshot.FindPerson(cpr);
            if (index < 0)
            {
                return;
            }

            registered[index >> 6] |= 1UL << (index & 63);
            cpr = snapshot.CurrentCpr(index);
        }
    }

    static T[] Fit<T>(List<T> list) => list.ToArray();

    void Add(int personId, PersonFacts facts, ushort birthDay, ReadOnlySpan<byte> name)
    {
        var index = _personIds.Count;
        _personIds.Add(personId);
        _facts.Add(facts.Packed);
        _birthDays.Add(birthDay);
        if (!_withNames)
        {
            return;
        }

        if (index % NamePool.Stride == 0)
        {
            FlushNames();
        }

        if (name.Length >= NamePool.LongMark)
        {
            _nameLengths.Add(NamePool.LongMark);
            _longNames.Add(index, name.ToArray());
            return;
        }

        _nameLengths.Add((byte)name.Length);
        name.CopyTo(_nameBlock.AsSpan(_nameBlockLength));
        _nameBlockLength += name.Length;
    }

    void FlushNames()
    {
        if (_nameLengths.Count == _nameOffsets.Count * NamePool.Stride && _nameBlockLength == 0 && _nameLengths.Count > 0)
        {
            return;
        }

        if (_nameLengths.Count == 0)
        {
            return;
        }

        if (_pageUsed + _nameBlockLength > 1 << PageBits)
        {
            _pages.Add(GC.AllocateUninitializedArray<byte>(1 << PageBits));
            _pageUsed = 0;
        }

        _nameBlock.AsSpan(0, _nameBlockLength).CopyTo(_pages[^1].AsSpan(_pageUsed));
        _nameOffsets.Add(((long)(_pages.Count - 1) << PageBits) + _pageUsed);
        _pageUsed += _nameBlockLength;
        _nameBlockLength = 0;
    }
}
