namespace Dispatch.PrintExport.Marks;

/// <summary>
/// Check codewords of ECC 200 (ISO/IEC 16022, annex E): a Reed-Solomon code over GF(256) made by
/// x⁸ + x⁵ + x³ + x² + 1, whose generator has the roots 2¹ … 2ⁿ.
/// </summary>
sealed class ReedSolomon
{
    const int FieldPolynomial = 0x12D;
    const int FieldOrder = 255;

    static readonly byte[] Powers = new byte[FieldOrder * 2];
    static readonly byte[] Logarithms = new byte[FieldOrder + 1];

    /// <summary>Of the generator, from x⁰ up; the leading coefficient is 1 and left out.</summary>
    readonly byte[] _coefficients;

    static ReedSolomon()
    {
        for (int exponent = 0, value = 1; exponent < FieldOrder; exponent++)
        {
            Powers[exponent] = Powers[exponent + FieldOrder] = (byte)value;
            Logarithms[value] = (byte)exponent;
            value = value << 1 > FieldOrder ? value << 1 ^ FieldPolynomial : value << 1;
        }
    }

    public ReedSolomon(int checkCount)
    {
        _coefficients = new byte[checkCount];
        _coefficients[0] = 1;
        for (var root = 1; root <= checkCount; root++)
        {
            // Times (x − 2^root): the coefficient above moves in, the one here is multiplied. The leading 1 moves on.
            for (var i = Math.Min(root, checkCount - 1); i >= 0; i--)
            {
                var below = i == 0 ? 0 : _coefficients[i - 1];
                _coefficients[i] = (byte)(below ^ Multiply(_coefficients[i], Powers[root]));
            }
        }
    }

    /// <summary>Writes the check codewords that follow the data.</summary>
    public void Write(ReadOnlySpan<byte> data, Span<byte> check)
    {
        check = check[.._coefficients.Length];
        check.Clear();
        foreach (var codeword in data)
        {
            var feedback = (byte)(codeword ^ check[0]);
            for (var i = 0; i < check.Length; i++)
            {
                var next = i + 1 < check.Length ? check[i + 1] : 0;
                check[i] = (byte)(next ^ Multiply(feedback, _coefficients[check.Length - 1 - i]));
            }
        }
    }

    static byte Multiply(byte a, byte b) =>
        a == 0 || b == 0 ? (byte)0 : Powers[Logarithms[a] + Logarithms[b]];
}
