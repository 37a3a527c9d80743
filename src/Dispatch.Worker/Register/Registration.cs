namespace Dispatch.Worker.Register;

/// <summary>A line of registrations.csv: the person wants this private sender's post digitally.</summary>
readonly record struct Registration(uint SenderCvr, uint Cpr, long Line) : IComparable<Registration>
{
    public ulong Key => (ulong)SenderCvr << 32 | Cpr;

    /// <summary>By key, then in the order of the file.</summary>
    public int CompareTo(Registration other)
    {
        var byKey = Key.CompareTo(other.Key);
        return byKey != 0 ? byKey : Line.CompareTo(other.Line);
    }
}
