using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Batches;

/// <summary>Pieces of one class may share a batch: same zone, postage, envelope, sides, colour and thickness.</summary>
public readonly record struct PieceClass(
    PostalZone Zone, string Postage, SheetBand Band, bool IsDuplex, bool IsColour) : IComparable<PieceClass>
{
    public string Envelope => Band.Envelope;

    /// <summary>The class of a piece of <paramref name="sheets"/> sheets in this order.</summary>
    public static PieceClass Of(PrintOrder order, PostalZone zone, int sheets) =>
        new(zone, order.Postage, SheetBand.Find(order.Envelope, sheets), order.IsDuplex, order.IsColour);

    /// <summary>In <c>[a-z0-9-]</c>, as <c>dk-economy-c5-left-duplex-mono-s8</c>; part of the batch name.</summary>
    public override string ToString()
    {
        var zone = Zone switch
        {
            PostalZone.Denmark => "dk",
            PostalZone.Eu => "eu",
            _ => "world",
        };
        var sides = IsDuplex ? "duplex" : "simplex";
        var ink = IsColour ? "colour" : "mono";
        return $"{zone}-{Postage}-{Envelope.ToLowerInvariant()}-{sides}-{ink}-s{Band.SheetsMax}";
    }

    /// <summary>Order of classes within one job: by zone, then thin before thick.</summary>
    public int CompareTo(PieceClass other)
    {
        var zones = Zone.CompareTo(other.Zone);
        return zones != 0 ? zones : Band.SheetsMax.CompareTo(other.Band.SheetsMax);
    }

    public static bool operator <(PieceClass left, PieceClass right) => left.CompareTo(right) < 0;

    public static bool operator >(PieceClass left, PieceClass right) => left.CompareTo(right) > 0;

    public static bool operator <=(PieceClass left, PieceClass right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PieceClass left, PieceClass right) => left.CompareTo(right) >= 0;
}
