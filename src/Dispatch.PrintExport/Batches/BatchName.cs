using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.PrintExport.Batches;

/// <summary>
/// The name of a batch and of its files: <c>YYYYMMDD-SENDERCVR-REFERENCE-CLASS-NNNN-HASH8</c> in <c>[a-z0-9-]</c>.
/// HASH8 is the first 8 hexadecimal digits of SHA-256 over these lines, each ended by LF: sender CVR, reference as
/// written, class, number, attempt, then the piece ids in printing order.
/// </summary>
public static class BatchName
{
    const int HashDigits = 8;

    /// <param name="number">1-based within job, class and attempt.</param>
    /// <param name="attempt">1 for the first print, 2 and up for reprints.</param>
    /// <param name="pieceIds">In printing order.</param>
    public static string Make(
        PrintOrder order, string pieceClass, int number, int attempt, IEnumerable<string> pieceIds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{order.SenderCvr}\n{order.Reference}\n{pieceClass}\n{number}\n{attempt}\n")));
        foreach (var pieceId in pieceIds)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(pieceId));
            hash.AppendData("\n"u8);
        }

        var hash8 = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, HashDigits / 2));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{order.ReleaseDate:yyyyMMdd}-{order.SenderCvr}-{Normalize(order.Reference)}-"
                + $"{pieceClass}-{number:D4}-{hash8}");
    }

    /// <summary>HASH8 of a batch name: what a sheet mark says of its batch.</summary>
    public static string ShortId(string name) => name[^HashDigits..];

    /// <summary>Lower case, and a hyphen for every character that is no ASCII letter or digit.</summary>
    public static string Normalize(string reference) => string.Create(reference.Length, reference, (name, from) =>
    {
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = char.IsAsciiLetterOrDigit(from[i]) ? char.ToLowerInvariant(from[i]) : '-';
        }
    });
}
