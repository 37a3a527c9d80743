using System.Text;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Tests.Batches;

/// <summary>Valid objects for tests of batches; the names and addresses are made up.</summary>
static class Some
{
    public static PrintOrder Order(
        string reference = "2026-aarsopgoerelse", string envelope = "C5-left", bool isDuplex = true) =>
        new("19552101", reference, new byte[32], new DateOnly(2026, 3, 9), "economy", envelope, isDuplex,
            IsColour: false);

    public static PresortPiece Piece(
        int rowNo, string postcode = "2650", string street = "Lærkevej 9C", int sheets = 1,
        PostalZone zone = PostalZone.Denmark)
    {
        var address = Encoding.UTF8.GetBytes($"Navn {rowNo}\n{street}\n{postcode} By");
        return new(rowNo, zone, sheets, postcode, StreetKey.From(address));
    }

    /// <summary>Brings the pieces in the order the planner wants and plans them.</summary>
    public static async Task<List<PlannedBatch>> PlanAsync(
        IEnumerable<PresortPiece> pieces, PrintOrder? order = null, int piecesMax = 5_000, int attempt = 1,
        IReadOnlyDictionary<string, int>? lastNumbers = null, PrintHouseChoice? choice = null)
    {
        var sentTo = order ?? Order();
        var sorted = pieces.ToList();
        sorted.Sort((left, right) => PresortPiece.CompareArrival(sentTo, left, right));
        var planner = new BatchPlanner(
            sentTo,
            attempt,
            choice ?? new([], PrintHouse.Any("default", piecesMax)),
            lastNumbers ?? new Dictionary<string, int>());
        return await planner.PlanAsync(sorted.ToAsyncEnumerable(), CancellationToken.None).ToListAsync();
    }
}
