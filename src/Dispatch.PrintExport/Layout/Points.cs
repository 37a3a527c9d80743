namespace Dispatch.PrintExport.Layout;

/// <summary>Lengths on the page are whole hundredths of a point (3.5 µm): exact sums, the same on every
/// machine.</summary>
static class Points
{
    public const int One = 100;

    /// <summary>A4, 210 × 297 mm.</summary>
    public const int PageWidth = 59528;

    public const int PageHeight = 84189;

    public static int FromMm(int mm) => (int)(mm * 7200L * 10 / 254);
}
