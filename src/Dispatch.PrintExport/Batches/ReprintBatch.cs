using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Batches;

/// <summary>A piece that is to be printed again.</summary>
/// <param name="RowNo">1-based data row of the list.</param>
/// <param name="Sheets">Sheets of paper in the envelope.</param>
public readonly record struct LostPiece(int RowNo, PostalZone Zone, int Sheets);

/// <summary>
/// Puts lost pieces of one batch into a batch of their own: the same class, the same piece ids, the
/// same printing order. Each has an envelope of its own. The result depends on the order, the pieces,
/// the attempt and the number only.
/// </summary>
public static class ReprintBatch
{
    /// <param name="attempt">2 and up.</param>
    /// <param name="number">1-based within job, class and attempt.</param>
    /// <param name="pieces">One or more, of one class, in printing order.</param>
    /// <param name="printHouse">Name of the one that lost them.</param>
    /// <exception cref="ArgumentException">No piece, or pieces of several classes.</exception>
    public static PlannedBatch Plan(
        PrintOrder order, int attempt, int number, IReadOnlyList<LostPiece> pieces, string printHouse)
    {
        if (pieces.Count == 0)
        {
            throw new ArgumentException("no piece to print again", nameof(pieces));
        }

        var pieceClass = PieceClass.Of(order, pieces[0].Zone, pieces[0].Sheets).ToString();
        var cutter = new BatchCutter(
            order,
            attempt,
            new PrintHouseChoice([], PrintHouse.Any(printHouse, int.MaxValue)),
            new Dictionary<string, int> { [pieceClass] = number - 1 });
        foreach (var piece in pieces)
        {
            if (cutter.Add([new(piece.RowNo, piece.Zone, piece.Sheets, "", [])]) is not null)
            {
                throw new ArgumentException("pieces of several classes", nameof(pieces));
            }
        }

        return cutter.Finish()!;
    }
}
