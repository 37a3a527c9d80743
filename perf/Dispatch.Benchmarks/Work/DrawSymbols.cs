using System.Globalization;
using System.Text;
using Dispatch.PrintExport.Marks;

namespace Dispatch.Benchmarks.Work;

/// <summary>DataMatrix symbols of sheet marks.</summary>
sealed class DrawSymbols
{
    public const int Symbols = 256;

    const int Side = SheetMarks.SymbolSide;

    readonly byte[][] _texts =
    [
        .. Enumerable.Range(1, Symbols).Select(sheet => Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"0a1b2c3d{sheet:D6}0010011"))),
    ];

    readonly DataMatrix _symbol = new(Side);
    readonly byte[] _modules = new byte[Side * Side];
    readonly uint[] _rows = new uint[Side];

    /// <summary>A finished picture's modules put into rows, one by one.</summary>
    public uint PutModules()
    {
        var sum = 0u;
        foreach (var text in _texts)
        {
            _modules[text[^8]] = 1;
            Array.Clear(_rows);
            for (var i = 0; i < _modules.Length; i++)
            {
                _rows[i / Side] |= (uint)_modules[i] << (i % Side);
            }

            sum += _rows[Side / 2];
        }

        return sum;
    }

    public uint Encode()
    {
        var sum = 0u;
        foreach (var text in _texts)
        {
            sum += _symbol.Encode(text)[Side / 2];
        }

        return sum;
    }
}
