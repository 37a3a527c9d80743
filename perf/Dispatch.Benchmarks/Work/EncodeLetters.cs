using Dispatch.Worker.Database;

namespace Dispatch.Benchmarks.Work;

/// <summary>Letters encoded for COPY, sealed values given.</summary>
sealed class EncodeLetters : IDisposable
{
    public const short Fields = 7;

    const int SealedBytes = 166;

    // Field count, five numbers of four bytes, one of two, the sealed values: each field with its length in front.
    const int RowBytes = 2 + 5 * 8 + 6 + 4 + SealedBytes;

    readonly byte[] _sealed = new byte[SealedBytes];
    readonly byte[] _row = new byte[RowBytes];
    readonly byte[] _copied = new byte[RowBytes * TaxList.Rows];
    readonly CopyBuffer _rows = new(RowBytes * (TaxList.Rows + 1));

    public byte[] Sealed => _sealed;

    /// <summary>The same bytes put where they belong, in one piece a row.</summary>
    public int Copy()
    {
        for (var row = 0; row < TaxList.Rows; row++)
        {
            _row.CopyTo(_copied.AsSpan(row * RowBytes));
        }

        return _copied[^1];
    }

    public int Encode()
    {
        _rows.Clear();
        for (var row = 0; row < TaxList.Rows; row++)
        {
            _rows.StartRow(Fields);
            _rows.Int32(1);
            _rows.Int32(2);
            _rows.Int32(row);
            _rows.Int32(row);
            _rows.Int16(3);
            _rows.Int32(4);
            _sealed.CopyTo(_rows.Field(SealedBytes));
        }

        return _rows.Length;
    }

    /// <summary>With what begins and ends a COPY.</summary>
    public ReadOnlyMemory<byte> EncodeWhole()
    {
        Encode();
        return _rows.Finish();
    }

    public void Dispose() => _rows.Dispose();
}
