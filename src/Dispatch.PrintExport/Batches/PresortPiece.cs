using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Batches;

/// <summary>What planning needs to know of one piece.</summary>
/// <param name="RowNo">1-based data row of the list.</param>
/// <param name="Sheets">Sheets of paper in the envelope.</param>
/// <param name="Postcode">Empty for protected people: sorted last and by row, so no household stands together.</param>
/// <param name="StreetKey">From <see cref="Batches.StreetKey"/>; not looked at when the postcode is empty.</param>
/// <param name="Household">Address lines below the name in UTF-8;
/// empty or null for a piece that never shares an envelope.</param>
public readonly record struct PresortPiece(
    int RowNo, PostalZone Zone, int Sheets, string Postcode, byte[] StreetKey, byte[]? Household = null)
{
    /// <summary>
    /// The order in which pieces reach the planner: class, pieces without a postcode last, postcode (ordinal), row.
    /// A database can sort so without opening a sealed address; the planner does the rest within a postcode.
    /// </summary>
    public static int CompareArrival(PrintOrder order, in PresortPiece left, in PresortPiece right)
    {
        var classes = PieceClass.Of(order, left.Zone, left.Sheets)
            .CompareTo(PieceClass.Of(order, right.Zone, right.Sheets));
        if (classes != 0)
        {
            return classes;
        }

        var withoutPostcode = (left.Postcode.Length == 0).CompareTo(right.Postcode.Length == 0);
        if (withoutPostcode != 0)
        {
            return withoutPostcode;
        }

        var postcodes = string.CompareOrdinal(left.Postcode, right.Postcode);
        return postcodes != 0 ? postcodes : left.RowNo.CompareTo(right.RowNo);
    }
}
