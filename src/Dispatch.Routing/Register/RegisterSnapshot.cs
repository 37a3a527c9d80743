using System.Runtime.InteropServices;

namespace Dispatch.Routing.Register;

/// <summary>
/// The register as routing needs it, in memory: about 12 bytes a person, and the names beside them only when a letter
/// prints them. People are sorted by CPR number; a number is found through its DDMMYY part (37,200 groups, about 160
/// people each) and a vector search over two-byte serial numbers: a group lies in a few cache lines, and reading all of
/// them costs less than the mispredicted branches of a binary search.
/// People have the indices 0 … PeopleCount − 1, companies the ones after. Immutable, safe for any number of threads.
/// </summary>
public sealed class RegisterSnapshot
{
    internal const int GroupCount = 31 * 12 * 100;

    readonly int[] _groupStarts;
    readonly ushort[] _serials;
    readonly uint[] _cvrs;
    readonly RegisterEntry[] _entries;
    readonly ulong[] _registered;
    readonly Dictionary<int, uint> _currentCprs;
    readonly NamePool _names;

    internal RegisterSnapshot(
        long version, int[] groupStarts, ushort[] serials, uint[] cvrs, RegisterEntry[] entries, ulong[] registered,
        Dictionary<int, uint> currentCprs, NamePool names)
    {
        Version = version;
        _groupStarts = groupStarts;
        _serials = serials;
        _cvrs = cvrs;
        _entries = entries;
        _registered = registered;
        _currentCprs = currentCprs;
        _names = names;
    }

    /// <summary>The register version this was read from.</summary>
    public long Version { get; }

    public int PeopleCount => _serials.Length;

    public int CompanyCount => _cvrs.Length;

    /// <summary>People and companies.</summary>
    public int Count => _entries.Length;

    /// <summary>Gives the index of the person with this number, or −1.</summary>
    /// <param name="cpr">The ten digits as a number.</param>
    public int FindPerson(uint cpr)
    {
        var group = RegisterSnapshotBuilder.GroupOf(cpr);
        if (group < 0)
        {
            return -1;
        }

        var start = _groupStarts[group];
        var found = _serials.AsSpan(start, _groupStarts[group + 1] - start).IndexOf((ushort)(cpr % 10_000));
        return found < 0 ? -1 : start + found;
    }

    /// <summary>Asks memory for what <see cref="FindPerson"/> is going to read.</summary>
    internal void FetchSerials(uint cpr)
    {
        var group = RegisterSnapshotBuilder.GroupOf(cpr);
        if (group >= 0)
        {
            MemoryFetch.Begin<ushort>(_serials.AsSpan(_groupStarts[group].._groupStarts[group + 1]));
        }
    }

    /// <summary>Asks memory for a person's facts, and for where the name is.</summary>
    internal void FetchEntry(int index, bool withName)
    {
        MemoryFetch.Begin(in _entries[index]);
        if (withName)
        {
            _names.FetchPlace(index);
        }
    }

    /// <summary>Asks memory for a person's name.</summary>
    internal void FetchName(int index) => MemoryFetch.Begin(_names[index]);

    /// <summary>Gives the index of the company with this CVR number, or −1.</summary>
    public int FindCompany(uint cvr)
    {
        var found = _cvrs.AsSpan().BinarySearch(cvr);
        return found < 0 ? -1 : PeopleCount + found;
    }

    /// <summary>The id that stands for the person everywhere outside the register.</summary>
    public int PersonId(int index) => _entries[index].PersonId;

    public PersonFacts Facts(int index) => _entries[index].Facts;

    /// <summary>Date of birth as the register has it, else from the number; days as in <see cref="BirthDay"/>.
    /// </summary>
    public int BirthDayOf(int index) => _entries[index].BirthDay;

    /// <summary>The number that replaced this one (status 50 and 60), or 0.</summary>
    public uint CurrentCpr(int index) => _currentCprs.GetValueOrDefault(index);

    /// <summary>The person wants the sender's post digitally; loaded for one private sender at a time.</summary>
    public bool IsRegistered(int index) => (_registered[index >> 6] >> (index & 63) & 1) != 0;

    internal static ulong[] NobodyRegistered(int count) => new ulong[(count >> 6) + 1];

    /// <summary>Everything but the registrations, as bytes; <see cref="RegisterImage.Read"/> makes it whole
    /// again.</summary>
    internal void Write(ByteSink write)
    {
        write(MemoryMarshal.AsBytes([PeopleCount, CompanyCount, _currentCprs.Count]));
        write(MemoryMarshal.AsBytes(_groupStarts.AsSpan()));
        write(MemoryMarshal.AsBytes(_serials.AsSpan()));
        write(MemoryMarshal.AsBytes(_cvrs.AsSpan()));
        write(MemoryMarshal.AsBytes(_entries.AsSpan()));
        foreach (var (index, cpr) in _currentCprs)
        {
            write(MemoryMarshal.AsBytes([(uint)index, cpr]));
        }

        _names.Write(write);
    }

    /// <summary>The name, or empty when the snapshot was made without names.</summary>
    public ReadOnlySpan<byte> Name(int index) => _names[index];
}
