namespace Dispatch.PrintExport.Marks;

/// <summary>
/// DataMatrix symbols of one size (ISO/IEC 16022, ECC 200): square, one data region, ASCII encodation. Encodes one text
/// after the other and allocates nothing for it. One thread at a time.
/// </summary>
sealed class DataMatrix
{
    const byte Pad = 129;
    const byte DigitPairs = 130;

    // ISO/IEC 16022, table 7: the square sizes with one data region.
    static readonly (int Side, int DataCount, int CheckCount)[] Sizes =
    [
        (10, 3, 5), (12, 5, 7), (14, 8, 10), (16, 12, 12), (18, 18, 14),
        (20, 22, 18), (22, 30, 20), (24, 36, 24), (26, 44, 28),
    ];

    readonly byte[] _codewords;
    readonly int _dataCount;
    readonly ReedSolomon _check;
    readonly int[] _modules;
    readonly (int Row, uint Column)[] _places;
    readonly uint[] _frame;
    readonly uint[] _rows;

    /// <param name="side">Modules of a side, the border included; 10 to 26, even.</param>
    public DataMatrix(int side)
    {
        var size = Array.Find(Sizes, size => size.Side == side);
        ArgumentOutOfRangeException.ThrowIfZero(size.Side, nameof(side));
        Side = side;
        _dataCount = size.DataCount;
        _codewords = new byte[size.DataCount + size.CheckCount];
        _check = new ReedSolomon(size.CheckCount);
        _modules = ModulePlacement.Of(side - 2);
        _places = [.. _modules.Select(module => (module / (side - 2) + 1, 1u << (module % (side - 2) + 1)))];
        _frame = Frame();
        _rows = new uint[side];
    }

    /// <summary>Modules of a side.</summary>
    public int Side { get; }

    /// <summary>Of the text encoded last: data, then check codewords.</summary>
    public ReadOnlySpan<byte> Codewords => _codewords;

    /// <summary>A text's symbol: a number for each row from the top, bit 0 its leftmost module, 1 = dark.</summary>
    /// <param name="ascii">Characters below 128.</param>
    /// <exception cref="ArgumentException">The text does not fit.</exception>
    public ReadOnlySpan<uint> Encode(ReadOnlySpan<byte> ascii)
    {
        WriteData(ascii);
        _check.Write(_codewords.AsSpan(0, _dataCount), _codewords.AsSpan(_dataCount));
        _frame.CopyTo(_rows, 0);
        for (var i = 0; i < _codewords.Length * 8; i++)
        {
            if ((_codewords[i / 8] & 0x80 >> (i % 8)) != 0)
            {
                var (row, column) = _places[i];
                _rows[row] |= column;
            }
        }

        return _rows;
    }

    void WriteData(ReadOnlySpan<byte> ascii)
    {
        var count = 0;
        for (var at = 0; at < ascii.Length; count++)
        {
            if (count == _dataCount)
            {
                throw new ArgumentException($"the text takes more than {_dataCount} codewords", nameof(ascii));
            }

            var isPair = at + 1 < ascii.Length
                && char.IsAsciiDigit((char)ascii[at])
                && char.IsAsciiDigit((char)ascii[at + 1]);
            _codewords[count] = isPair
                ? (byte)(DigitPairs + (ascii[at] - '0') * 10 + ascii[at + 1] - '0')
                : (byte)(ascii[at] + 1);
            at += isPair ? 2 : 1;
        }

        // The first pad is plain, those after it are spread so that no pattern stands out (annex B.1.1).
        for (var i = count; i < _dataCount; i++)
        {
            var spread = Pad + 149 * (i + 1) % 253 + 1;
            _codewords[i] = i == count ? Pad : (byte)(spread > 254 ? spread - 254 : spread);
        }
    }

    /// <summary>Dark left and below, alternating above and to the right; and the corner no codeword takes.</summary>
    uint[] Frame()
    {
        var frame = new uint[Side];
        var right = 1u << (Side - 1);
        for (var row = 0; row < Side; row++)
        {
            frame[row] = 1u | (row % 2 == 1 ? right : 0);
        }

        for (var column = 0; column < Side; column += 2)
        {
            frame[0] |= 1u << column;
        }

        frame[^1] = (1u << Side) - 1;
        if (!_modules.Contains((Side - 2) * (Side - 2) - 1))
        {
            frame[^2] |= 1u << (Side - 2);
            frame[^3] |= 1u << (Side - 3);
        }

        return frame;
    }
}
