namespace Dispatch.Routing.Register;

/// <summary>
/// The facts of one person or company that the routing rules read, packed into 16 bits as they lie in the register
/// table, in the snapshot and (with age, hops and registration added) beside every effect.
/// </summary>
public readonly record struct PersonFacts(ushort Packed)
{
    const int StatusMask = 0x7F;
    const int ProtectedBit = 1 << 7;
    const int ExemptBit = 1 << 8;
    const int VoluntaryBit = 1 << 9;
    const int HasContactBit = 1 << 10;
    const int HasStreetBit = 1 << 11;
    const int CompanyBit = 1 << 12;
    const int ClosedBit = 1 << 13;
    const int UnusualTextBit = 1 << 14;

    /// <summary>CPR civil status, 0–99; 0 for a company.</summary>
    public int Status => Packed & StatusMask;

    /// <summary>Name and address protection.</summary>
    public bool IsProtected => (Packed & ProtectedBit) != 0;

    public bool IsExempt => (Packed & ExemptBit) != 0;

    /// <summary>Signed up though the law would not have enrolled the person.</summary>
    public bool IsVoluntary => (Packed & VoluntaryBit) != 0;

    /// <summary>At least one contact-address line that is not empty.</summary>
    public bool HasContact => (Packed & HasContactBit) != 0;

    /// <summary>A registered street address that is not empty.</summary>
    public bool HasStreet => (Packed & HasStreetBit) != 0;

    public bool IsCompany => (Packed & CompanyBit) != 0;

    /// <summary>A company that is closed.</summary>
    public bool IsClosed => (Packed & ClosedBit) != 0;

    /// <summary>
    /// Name or address might not fit the window or the fonts: they must be measured before the person gets paper (or a
    /// letter with the name in it). False is a promise that they fit.
    /// </summary>
    public bool HasUnusualText => (Packed & UnusualTextBit) != 0;

    public static PersonFacts Person(
        int status, bool isProtected, bool isExempt, bool isVoluntary, bool hasContact, bool hasStreet,
        bool hasUnusualText)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)status, 99u, nameof(status));
        return new((ushort)(status
            | (isProtected ? ProtectedBit : 0)
            | (isExempt ? ExemptBit : 0)
            | (isVoluntary ? VoluntaryBit : 0)
            | (hasContact ? HasContactBit : 0)
            | (hasStreet ? HasStreetBit : 0)
            | (hasUnusualText ? UnusualTextBit : 0)));
    }

    public static PersonFacts Company(bool isClosed, bool isExempt, bool hasStreet, bool hasUnusualText) =>
        new((ushort)(CompanyBit
            | (isClosed ? ClosedBit : 0)
            | (isExempt ? ExemptBit : 0)
            | (hasStreet ? HasStreetBit : 0)
            | (hasUnusualText ? UnusualTextBit : 0)));

    /// <summary>The same, exempt or not.</summary>
    public PersonFacts WithExemption(bool isExempt) =>
        new((ushort)(isExempt ? Packed | ExemptBit : Packed & ~ExemptBit));
}
