namespace Dispatch.PrintExport.Templates;

/// <summary>Decodes one baseline scan to brightness: every coefficient is read, only those of Y are
/// transformed.</summary>
sealed class JpegDecoder(string name, PictureHeader header)
{
    const int BlockSide = 8;
    const int BlockSize = 64;
    const int CodeLengthMax = 16;

    static readonly byte[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14,
        21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
        47, 55,
        62, 63,
    ];

    static readonly float[] Cosines = [.. Enumerable.Range(0, BlockSize).Select(Cosine)];

    readonly ushort[]?[] _quantization = new ushort[4][];
    readonly Codes?[] _codes = new Codes[8];
    readonly List<Component> _components = [];
    readonly float[] _coefficients = new float[BlockSize];
    readonly float[] _half = new float[BlockSize];

    /// <summary>Blocks of pixels between restart marks; 0 = none.</summary>
    public int RestartInterval { get; set; }

    public void ReadQuantization(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            var (isWide, index) = (segment[0] >> 4 != 0, segment[0] & 15);
            var bytes = isWide ? BlockSize * 2 : BlockSize;
            Require(index < 4 && segment.Length > bytes);
            var table = new ushort[BlockSize];
            for (var i = 0; i < BlockSize; i++)
            {
                table[ZigZag[i]] = isWide ? (ushort)(segment[1 + i * 2] << 8 | segment[2 + i * 2]) : segment[1 + i];
            }

            _quantization[index] = table;
            segment = segment[(1 + bytes)..];
        }
    }

    public void ReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            Require(segment.Length > CodeLengthMax);
            var (isAc, index) = (segment[0] >> 4, segment[0] & 15);
            var counts = segment.Slice(1, CodeLengthMax);
            var total = 0;
            foreach (var count in counts)
            {
                total += count;
            }

            Require(isAc <= 1 && index < 4 && total <= 256 && segment.Length >= 17 + total);
            _codes[isAc * 4 + index] = new Codes(counts, segment.Slice(17, total));
            segment = segment[(17 + total)..];
        }
    }

    public void ReadComponents(ReadOnlySpan<byte> frame)
    {
        _components.Clear();
        for (var i = 0; i < header.Channels; i++)
        {
            var entry = frame.Slice(6 + i * 3, 3);
            var component = new Component(entry[0], entry[1] >> 4, entry[1] & 15, entry[2]);
            Require(component.Across is >= 1 and <= 4 && component.Down is >= 1 and <= 4 && component.Table < 4);
            _components.Add(component);
        }
    }

    public void ReadScan(ReadOnlySpan<byte> scan, ReadOnlySpan<byte> data, PictureRow? take)
    {
        Require(scan.Length >= 1 && scan.Length >= 1 + scan[0] * 2 && _components.Count == header.Channels);
        if (scan[0] != header.Channels)
        {
            throw AssetFault.Unsupported(name, "a JPEG in several scans");
        }

        for (var i = 0; i < _components.Count; i++)
        {
            var component = _components[i];
            Require(scan[1 + i * 2] == component.Id);
            var (dc, ac) = (scan[2 + i * 2] >> 4, scan[2 + i * 2] & 15);
            Require(dc < 4 && ac < 4 && _codes[dc] is not null && _codes[4 + ac] is not null
                && _quantization[component.Table] is not null);
            (component.Dc, component.Ac) = (_codes[dc]!, _codes[4 + ac]!);
        }

        ReadBlocks(data, take);
    }

    static float Cosine(int index)
    {
        var (x, u) = (index / BlockSide, index % BlockSide);
        return (float)(Math.Cos((2 * x + 1) * u * Math.PI / 16) * (u == 0 ? Math.Sqrt(0.125) : 0.5));
    }

    void ReadBlocks(ReadOnlySpan<byte> data, PictureRow? take)
    {
        var bits = new JpegBits(name, data);
        var isSingle = _components.Count == 1;
        var (across, down) = isSingle ? (1, 1) : (_components.Max(c => c.Across), _components.Max(c => c.Down));
        var y = _components[0];
        Require(isSingle || y.Across == across && y.Down == down);
        var unitsAcross = (header.Width + across * BlockSide - 1) / (across * BlockSide);
        var unitsDown = (header.Height + down * BlockSide - 1) / (down * BlockSide);
        var stride = unitsAcross * across * BlockSide;
        var band = new byte[stride * down * BlockSide];
        var untilRestart = RestartInterval;
        for (var row = 0; row < unitsDown; row++)
        {
            for (var column = 0; column < unitsAcross; column++)
            {
                if (RestartInterval > 0 && untilRestart-- == 0)
                {
                    bits.Restart();
                    _components.ForEach(component => component.Previous = 0);
                    untilRestart = RestartInterval - 1;
                }

                ReadUnit(ref bits, band, stride, column * across * BlockSide, isSingle);
            }

            for (var line = 0; line < down * BlockSide && row * down * BlockSide + line < header.Height; line++)
            {
                take?.Invoke(band.AsSpan(line * stride, header.Width));
            }
        }
    }

    void ReadUnit(ref JpegBits bits, byte[] band, int stride, int left, bool isSingle)
    {
        for (var i = 0; i < _components.Count; i++)
        {
            var component = _components[i];
            var (across, down) = isSingle ? (1, 1) : (component.Across, component.Down);
            for (var block = 0; block < across * down; block++)
            {
                ReadBlock(ref bits, component);
                if (i == 0)
                {
                    Transform(band, stride, left + block % across * BlockSide, block / across * BlockSide);
                }
            }
        }
    }

    void ReadBlock(ref JpegBits bits, Component component)
    {
        var quantization = _quantization[component.Table]!;
        Array.Clear(_coefficients);
        var size = component.Dc.Read(ref bits);
        component.Previous += bits.ReadSigned(size);
        _coefficients[0] = component.Previous * quantization[0];
        for (var k = 1; k < BlockSize; k++)
        {
            var symbol = component.Ac.Read(ref bits);
            var (run, bitCount) = (symbol >> 4, symbol & 15);
            if (bitCount == 0)
            {
                if (run != 15)
                {
                    return;
                }

                k += 15;
                continue;
            }

            k += run;
            Require(k < BlockSize);
            var at = ZigZag[k];
            _coefficients[at] = bits.ReadSigned(bitCount) * quantization[at];
        }
    }

    void Transform(byte[] band, int stride, int left, int top)
    {
        for (var v = 0; v < BlockSide; v++)
        {
            for (var x = 0; x < BlockSide; x++)
            {
                var sum = 0f;
                for (var u = 0; u < BlockSide; u++)
                {
                    sum += _coefficients[v * BlockSide + u] * Cosines[x * BlockSide + u];
                }

                _half[v * BlockSide + x] = sum;
            }
        }

        for (var y = 0; y < BlockSide; y++)
        {
            for (var x = 0; x < BlockSide; x++)
            {
                var sum = 128.5f;
                for (var v = 0; v < BlockSide; v++)
                {
                    sum += _half[v * BlockSide + x] * Cosines[y * BlockSide + v];
                }

                band[(top + y) * stride + left + x] = (byte)Math.Clamp(sum, 0, 255);
            }
        }
    }

    void Require(bool isTrue)
    {
        if (!isTrue)
        {
            throw AssetFault.Corrupt(name, "its tables or its scan are broken");
        }
    }

    sealed class Component(byte id, int across, int down, int table)
    {
        public byte Id { get; } = id;

        public int Across { get; } = across;

        public int Down { get; } = down;

        public int Table { get; } = table;

        public Codes Dc { get; set; } = null!;

        public Codes Ac { get; set; } = null!;

        public int Previous { get; set; }
    }

    /// <summary>A canonical Huffman code.</summary>
    sealed class Codes
    {
        readonly int[] _last = new int[CodeLengthMax];
        readonly int[] _shift = new int[CodeLengthMax];
        readonly byte[] _symbols;

        public Codes(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
        {
            _symbols = symbols.ToArray();
            var (code, at) = (0, 0);
            for (var length = 0; length < CodeLengthMax; length++)
            {
                _shift[length] = at - code;
                code += counts[length];
                at += counts[length];
                _last[length] = counts[length] == 0 ? -1 : code - 1;
                code <<= 1;
            }
        }

        public int Read(ref JpegBits bits)
        {
            var code = 0;
            for (var length = 0; length < CodeLengthMax; length++)
            {
                code = code << 1 | bits.ReadBit();
                if (code <= _last[length])
                {
                    var at = code + _shift[length];
                    return at >= 0 && at < _symbols.Length ? _symbols[at] : throw bits.Broken();
                }
            }

            throw bits.Broken();
        }
    }
}
