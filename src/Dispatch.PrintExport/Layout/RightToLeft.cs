namespace Dispatch.PrintExport.Layout;

/// <summary>
/// Scripts written from right to left. Letters are set from left to right only: such words would stand there reversed,
/// and would read as others.
/// </summary>
static class RightToLeft
{
    /// <summary>
    /// The blocks the Unicode Character Database (DerivedBidiClass.txt) sets apart for the bidirectional classes R and
    /// AL, with the marks and digits that belong to them.
    /// </summary>
    public static bool Contains(int codePoint) => codePoint is (>= 0x0590 and <= 0x08FF) or 0x200F
        or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
        or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
