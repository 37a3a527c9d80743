using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dispatch.PrintExport.Batches;

/// <summary>
/// Cuts a job's pieces into batches. The result depends on the order, the pieces and the attempt only: not on ids a
/// database made, on timing, or on how often it is repeated.
/// </summary>
/// <param name="attempt">1 for the first print, 2 and up for reprints.</param>
/// <param name="choice">To which print house each batch goes, and how large it may be.</param>
/// <param name="lastNumbers">Highest batch number a class has already, by class text: later pieces go on there.</param>
public sealed class BatchPlanner(
    PrintOrder order, int attempt, PrintHouseChoice choice, IReadOnlyDictionary<string, int> lastNumbers)
{
    // Pieces of one postcode that are sorted together in memory, about 30 MB at most. A larger postcode is sorted in
    // runs of this many rows: still the same result every time, only the presort is coarser.
    internal const int GroupPiecesMax = 200_000;

    readonly BatchCutter _cutter = new(order, attempt, choice, lastNumbers);
    readonly HouseholdDivision _households = new(order, choice);
    readonly List<PresortPiece> _group = [];

    /// <summary>
    /// Reads the pieces once, in the order of <see cref="PresortPiece.CompareArrival"/>, and gives the batches.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pieces come in another order, or one comes twice.</exception>
    public async IAsyncEnumerable<PlannedBatch> PlanAsync(
        IAsyncEnumerable<PresortPiece> pieces, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var piece in pieces.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (EndsGroup(piece))
            {
                foreach (var batch in CutGroup())
                {
                    yield return batch;
                }
            }

            _group.Add(piece);
        }

        foreach (var batch in CutGroup())
        {
            yield return batch;
        }

        if (_cutter.Finish() is { } last)
        {
            yield return last;
        }
    }

    bool EndsGroup(in PresortPiece piece)
    {
        if (_group.Count == 0)
        {
            return false;
        }

        var previous = _group[^1];
        if (PresortPiece.CompareArrival(order, previous, piece) >= 0)
        {
            throw new InvalidOperationException($"row {piece.RowNo} came to the planner after row {previous.RowNo}");
        }

        return _group.Count == GroupPiecesMax
            || piece.Postcode != previous.Postcode
            || PieceClass.Of(order, piece.Zone, piece.Sheets) != PieceClass.Of(order, previous.Zone, previous.Sheets);
    }

    IEnumerable<PlannedBatch> CutGroup()
    {
        if (_group.Count > 0 && _group[0].Postcode.Length > 0)
        {
            _group.Sort(CompareStreet);
        }

        var envelopes = order.JoinsHouseholds && _group.Count > 0
            ? _households.Divide(CollectionsMarshal.AsSpan(_group))
            : null;
        for (var (at, envelope) = (0, 0); at < _group.Count; envelope++)
        {
            var pieces = envelopes is null ? 1 : envelopes[envelope];
            if (_cutter.Add(CollectionsMarshal.AsSpan(_group).Slice(at, pieces)) is { } batch)
            {
                yield return batch;
            }

            at += pieces;
        }

        _group.Clear();
    }

    static int CompareStreet(PresortPiece left, PresortPiece right)
    {
        var streets = left.StreetKey.AsSpan().SequenceCompareTo(right.StreetKey);
        return streets != 0 ? streets : left.RowNo.CompareTo(right.RowNo);
    }
}
