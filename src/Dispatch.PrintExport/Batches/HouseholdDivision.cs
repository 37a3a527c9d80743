namespace Dispatch.PrintExport.Batches;

/// <summary>
/// Says which pieces that follow each other go into one envelope: those for one address, as many as the class's
/// envelope and every print house takes. Pieces without a <see cref="PresortPiece.Household"/> share none.
/// </summary>
sealed class HouseholdDivision(PrintOrder order, PrintHouseChoice choice)
{
    /// <summary>An address with more pieces than this is a home, a hostel or an office: nobody there shares.</summary>
    internal const int HouseholdPiecesMax = 10;

    /// <summary>How many pieces each envelope holds, in order.</summary>
    /// <param name="sorted">One or more pieces of one class and postcode, in printing order.</param>
    public List<int> Divide(ReadOnlySpan<PresortPiece> sorted)
    {
        var envelopes = new List<int>(sorted.Length);
        var sheetsMax = SheetBand.Find(order.Envelope, sorted[0].Sheets).SheetsMax;
        while (!sorted.IsEmpty)
        {
            var household = sorted[..CountHousehold(sorted)];
            sorted = sorted[household.Length..];
            var isShared = household.Length <= HouseholdPiecesMax;
            while (!household.IsEmpty)
            {
                var pieces = isShared ? CountEnvelope(household, sheetsMax) : 1;
                envelopes.Add(pieces);
                household = household[pieces..];
            }
        }

        return envelopes;
    }

    static int CountHousehold(ReadOnlySpan<PresortPiece> sorted)
    {
        if (sorted[0].Household is not { Length: > 0 } address)
        {
            return 1;
        }

        var count = 1;
        while (count < sorted.Length && address.AsSpan().SequenceEqual(sorted[count].Household))
        {
            count++;
        }

        return count;
    }

    /// <summary>The first piece always, and more as long as they fit.</summary>
    int CountEnvelope(ReadOnlySpan<PresortPiece> household, int sheetsMax)
    {
        var (count, sheets) = (1, household[0].Sheets);
        while (count < household.Length && count < choice.PiecesMax
            && sheets + household[count].Sheets <= sheetsMax
            && order.PagesOf(sheets + household[count].Sheets) <= choice.PagesMax)
        {
            sheets += household[count].Sheets;
            count++;
        }

        return count;
    }
}
