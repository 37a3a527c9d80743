using System.Text;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>Counts the effects of one chunk instead of keeping them, and notes who comes more than once.</summary>
/// <param name="people">Null = only counts.</param>
sealed class PlanningSink(RepeatedPeople? people, PaperOrder order) : IEffectSink
{
    public EffectCounts Counts { get; } = new();

    public List<RefusedRow> FirstRefused { get; } = [];

    /// <summary>Bytes the letters' values will take in the database; of those that were made.</summary>
    public long ValueBytes { get; private set; }

    public void Digital(int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values)
    {
        ValueBytes += values.Length;
        Count(row);
    }

    public void Paper(
        int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values, PostalAddress address, LetterCheck check)
    {
        ValueBytes += values.Length;
        Count(row);
        if (check.Pages > 0)
        {
            Counts.AddPaper(ClassOf(address.Zone, check.Sheets), new(1, check.Pages, check.Sheets));
        }
    }

    public void Exception(int rowNo, int? personId, in RoutedRow row, ReadOnlySpan<byte> reference, string detail)
    {
        Count(row);
        if (row.Channel == Channel.Refused && FirstRefused.Count < RefusedRow.ShownMax)
        {
            FirstRefused.Add(new(rowNo, Encoding.UTF8.GetString(reference), row.Reason.Code(), detail));
        }
    }

    PieceClass ClassOf(PostalZone zone, int sheets) =>
        new(zone, order.Postage, SheetBand.Find(order.Envelope, sheets), order.IsDuplex, order.IsColour);

    void Count(in RoutedRow row)
    {
        Counts.Add(row.Reason);
        if (row.Index >= 0)
        {
            people?.Meet(row.Index);
        }
    }
}

/// <summary>A row the planning pass would refuse.</summary>
readonly record struct RefusedRow(int RowNo, string Reference, string Reason, string Detail)
{
    /// <summary>That many are shown to whoever submits.</summary>
    public const int ShownMax = 20;

    /// <summary>Those shown, in list order.</summary>
    public static List<RefusedRow> First(IEnumerable<RefusedRow> rows) =>
        [.. rows.OrderBy(row => row.RowNo).Take(ShownMax)];
}
