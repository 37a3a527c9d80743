namespace Dispatch.PrintExport.Batches;

/// <summary>
/// How thick a piece may be in one class: an inserter is set up for one envelope and one range of thickness.
/// </summary>
/// <param name="SheetsMax">Most sheets of a piece in this band.</param>
/// <param name="Envelope">The envelope profile that takes so many sheets.</param>
public readonly record struct SheetBand(int SheetsMax, string Envelope)
{
    // A folded C5 takes 8 sheets, a flat C4 from a machine 40; what is thicker is put in by hand.
    // 100 pages are the most a letter may have, so that every piece finds a band.
    static readonly SheetBand[] All = [new(8, "C5-left"), new(40, "C4-left"), new(100, "C4-left")];

    /// <summary>The bands a job may use, thinnest first: those from the envelope it ordered upwards.</summary>
    /// <param name="envelope">Envelope profile of the job, for instance <c>C5-left</c>.</param>
    /// <exception cref="ArgumentException">No band has this envelope.</exception>
    public static ReadOnlySpan<SheetBand> From(string envelope)
    {
        var first = Array.FindIndex(All, band => band.Envelope == envelope);
        return first < 0
            ? throw new ArgumentException($"no sheet band has the envelope '{envelope}'", nameof(envelope))
            : All.AsSpan(first);
    }

    /// <summary>The thinnest band that takes <paramref name="sheets"/> sheets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More sheets than the thickest band takes.</exception>
    public static SheetBand Find(string envelope, int sheets)
    {
        foreach (var band in From(envelope))
        {
            if (sheets <= band.SheetsMax)
            {
                return band;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(sheets), sheets, "a piece is thicker than any envelope takes");
    }
}
