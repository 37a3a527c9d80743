using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.PrintExport.Batches;

/// <summary>
/// The ids of a job's pieces: the first 20 hexadecimal digits (80 bits) of SHA-256 over four lines, each ended by LF:
/// sender CVR, reference as written, the job's content SHA-256 in lower-case hexadecimal, row number. An id names the
/// row's letter in every attempt and every database, and tells an outsider nothing.
/// </summary>
public sealed class PieceIds
{
    const int Digits = 20;
    const int RowDigitsMax = 10;

    readonly byte[] _input;
    readonly int _prefixBytes;

    public PieceIds(PrintOrder order)
    {
        var prefix = Encoding.UTF8.GetBytes(
            $"{order.SenderCvr}\n{order.Reference}\n{Convert.ToHexStringLower(order.ContentSha256.Span)}\n");
        _prefixBytes = prefix.Length;
        _input = new byte[_prefixBytes + RowDigitsMax + 1];
        prefix.CopyTo(_input, 0);
    }

    /// <param name="rowNo">1-based data row of the list.</param>
    public string For(int rowNo)
    {
        rowNo.TryFormat(_input.AsSpan(_prefixBytes), out var digits, default, CultureInfo.InvariantCulture);
        _input[_prefixBytes + digits] = (byte)'\n';
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_input.AsSpan(0, _prefixBytes + digits + 1), hash);
        return Convert.ToHexStringLower(hash[..(Digits / 2)]);
    }
}
