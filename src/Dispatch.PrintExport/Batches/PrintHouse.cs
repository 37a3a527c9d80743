using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Batches;

/// <summary>What a print house takes of a job's paper.</summary>
/// <param name="Name">In <c>[a-z0-9-]</c>.</param>
/// <param name="Zones">Zones it takes; none named = all.</param>
/// <param name="Envelopes">Envelope profiles it takes; none named = all.</param>
/// <param name="Share">Of the batches several could take, in proportion to others' shares; 0 = no new batch.</param>
/// <param name="PiecesMax">Most pieces of a batch.</param>
/// <param name="PagesMax">Most pages of a batch, blank backs counted; a piece of more is a batch of its own.</param>
public sealed record PrintHouse(
    string Name, IReadOnlyList<PostalZone> Zones, IReadOnlyList<string> Envelopes,
        int Share, int PiecesMax, int PagesMax)
{
    /// <summary>A print house that takes everything.</summary>
    public static PrintHouse Any(string name, int piecesMax) => new(name, [], [], 1, piecesMax, int.MaxValue);

    /// <summary>Whether pieces of this class may go there.</summary>
    public bool Takes(PieceClass pieceClass) =>
        (Zones.Count == 0 || Zones.Contains(pieceClass.Zone))
        && (Envelopes.Count == 0 || Envelopes.Contains(pieceClass.Envelope, StringComparer.Ordinal));
}
