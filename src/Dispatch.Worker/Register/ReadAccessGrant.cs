namespace Dispatch.Worker.Register;

/// <summary>A line of read_access.csv.</summary>
/// <param name="From">UTC.</param>
/// <param name="To">UTC; null = open.</param>
sealed record ReadAccessGrant(
    uint Owner, uint Reader, string GrantedBy, DateTime From, DateTime? To, string Notify, long Line)
{
    public (uint Owner, uint Reader, DateTime From) Key => (Owner, Reader, From);

    /// <summary>By key, then in the order of the file.</summary>
    public int CompareTo(ReadAccessGrant other)
    {
        var byKey = Key.CompareTo(other.Key);
        return byKey != 0 ? byKey : Line.CompareTo(other.Line);
    }
}
