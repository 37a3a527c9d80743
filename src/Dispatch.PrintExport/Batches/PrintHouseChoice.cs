using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.PrintExport.Batches;

/// <summary>
/// Says to which print house a batch goes: among those that take its class, in turn by their shares. It depends on the
/// order, the class and the batch's number only, so that planning again gives the same. Jobs begin at different turns:
/// many small jobs are spread as one large job is.
/// </summary>
/// <param name="otherwise">Takes what none of <paramref name="houses"/> does.</param>
public sealed class PrintHouseChoice(IReadOnlyList<PrintHouse> houses, PrintHouse otherwise)
{
    readonly PrintHouse[] _houses = [.. houses.Where(house => house.Share > 0)
        .OrderBy(house => house.Name, StringComparer.Ordinal)];

    /// <summary>Pieces of a batch that any of them takes.</summary>
    internal int PiecesMax { get; } = houses.Append(otherwise).Min(house => house.PiecesMax);

    /// <summary>Pages of a batch that any of them takes.</summary>
    internal int PagesMax { get; } = houses.Append(otherwise).Min(house => house.PagesMax);

    /// <param name="number">Of the batch, 1-based within job, class and attempt.</param>
    public PrintHouse For(PrintOrder order, PieceClass pieceClass, int number)
    {
        var taking = Array.FindAll(_houses, house => house.Takes(pieceClass));
        if (taking.Length <= 1)
        {
            return taking.Length == 0 ? otherwise : taking[0];
        }

        var turns = taking.Sum(house => (long)house.Share);
        return Turn(taking, turns, (int)((FirstTurn(order, pieceClass) + (ulong)number) % (ulong)turns));
    }

    /// <summary>Spread out: of shares 2 and 1 the order is one, other, one, not one, one, other.</summary>
    static PrintHouse Turn(PrintHouse[] taking, long turns, int turn)
    {
        var credit = new long[taking.Length];
        for (var at = 0; ; at++)
        {
            var most = 0;
            for (var i = 0; i < taking.Length; i++)
            {
                credit[i] += taking[i].Share;
                most = credit[i] > credit[most] ? i : most;
            }

            if (at == turn)
            {
                return taking[most];
            }

            credit[most] -= turns;
        }
    }

    static ulong FirstTurn(PrintOrder order, PieceClass pieceClass)
    {
        var files = Convert.ToHexStringLower(order.ContentSha256.Span);
        var text = $"{order.SenderCvr}\n{order.Reference}\n{files}\n{pieceClass}\n";
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
