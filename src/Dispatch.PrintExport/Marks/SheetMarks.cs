using System.Text;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;

namespace Dispatch.PrintExport.Marks;

/// <summary>
/// The marks on the fronts of one batch's sheets, at the left edge where the envelope profile keeps it free
/// (docs/file-formats.md tells their text and bars). One thread at a time; nothing is allocated per mark.
/// </summary>
public sealed class SheetMarks
{
    /// <summary>
    /// 1.44 points = 0.508 mm: six dots at 300 dpi and twelve at 600, so that printers cut no module short. Marks lie
    /// on this grid, counted from the top left of the page.
    /// </summary>
    internal const int Module = 144;

    /// <summary>Eighteen data codewords: the smallest symbol that holds every text.</summary>
    internal const int SymbolSide = 18;

    const int QuietModules = 1;
    const int SequenceDigits = 6;
    const int SheetDigits = 3;

    /// <summary>A sixth of an inch, to the nearest module: 4.06 mm.</summary>
    const int BarPitchModules = 8;

    const int CountBits = 3;

    /// <summary>Rows of a picture begin with a byte: 18 modules take three.</summary>
    const int HexDigitsARow = 6;

    readonly SheetMarkKind _kind;
    readonly DataMatrix _symbol = new(SymbolSide);
    readonly byte[] _text;
    readonly int _batchDigits;
    readonly int _left;
    readonly int _top;
    int _sheets;

    /// <param name="batchName">Its last eight digits go into every mark.</param>
    public SheetMarks(SheetMarkKind kind, EnvelopeProfile envelope, string batchName)
    {
        _kind = kind;
        var batch = BatchName.ShortId(batchName);
        _batchDigits = batch.Length;
        _text = new byte[_batchDigits + SequenceDigits + SheetDigits * 2 + 1];
        Encoding.ASCII.GetBytes(batch, _text);
        _left = ((Points.FromMm(envelope.SheetMarkWidthMm) / Module) - SymbolSide - QuietModules) * Module;
        _top = Points.FromMm(envelope.SheetMarkTopMm) / Module * Module;
    }

    /// <summary>Draws the mark of the batch's next sheet.</summary>
    /// <param name="sequence">Of the envelope, as the manifest counts: from 1.</param>
    /// <param name="sheet">Of the envelope, from 1.</param>
    /// <param name="sheets">Of the envelope in all.</param>
    internal void Draw(ByteBuffer page, int sequence, int sheet, int sheets)
    {
        _sheets++;
        if (_kind == SheetMarkKind.None)
        {
            return;
        }

        if (_kind == SheetMarkKind.DataMatrix)
        {
            DrawSymbol(page, sequence, sheet, sheets);
        }
        else
        {
            DrawBars(page, sheet == sheets);
        }
    }

    // A picture of 18 by 18 modules (25.92 points), one bit each, black where it is set: a quarter of the bytes that
    // rectangles would take.
    void DrawSymbol(ByteBuffer page, int sequence, int sheet, int sheets)
    {
        var at = WriteDigits(sequence, SequenceDigits, _batchDigits);
        at = WriteDigits(sheet, SheetDigits, at);
        at = WriteDigits(sheets, SheetDigits, at);
        WriteDigits(sheet == sheets ? 1 : 0, 1, at);
        page.Write("q 25.92 0 0 25.92 "u8);
        WriteCorner(page, SymbolSide);
        page.Write("0 g\nBI/W 18/H 18/IM true/D[1 0]/F/AHx ID\n"u8);
        var room = page.Room(SymbolSide * HexDigitsARow);
        foreach (var row in _symbol.Encode(_text))
        {
            for (var digit = 0; digit < HexDigitsARow; digit++)
            {
                room[digit] = HexDigit(row >> (digit * 4));
            }

            room = room[HexDigitsARow..];
        }

        page.Advance(SymbolSide * HexDigitsARow);
        page.Write(">\nEI Q\n"u8);
    }

    /// <summary>
    /// From the top: always; last sheet; the batch's sheet count in three bits, 1 2 4; a bar that makes them even.
    /// </summary>
    void DrawBars(ByteBuffer page, bool isLast)
    {
        const int Height = (CountBits + 2) * BarPitchModules + 1;
        page.Write("q 1.44 0 0 1.44 "u8);
        WriteCorner(page, Height);
        page.Write("0 g\n"u8);
        var bars = 1 | (isLast ? 2 : 0) | (_sheets & (1 << CountBits) - 1) << 2;
        bars |= (System.Numerics.BitOperations.PopCount((uint)bars) & 1) << (CountBits + 2);
        for (var i = 0; i < CountBits + 3; i++)
        {
            if ((bars & 1 << i) != 0)
            {
                page.Write("0 "u8);
                page.Write(Height - 1 - i * BarPitchModules);
                page.Write(" 16 1 re\n"u8);
            }
        }

        page.Write("f Q\n"u8);
    }

    // Of the mark's lower left, in points, as the end of a matrix.
    void WriteCorner(ByteBuffer page, int height)
    {
        page.WritePoints(_left);
        page.Write(" "u8);
        page.WritePoints(Points.PageHeight - _top - height * Module);
        page.Write(" cm "u8);
    }

    // Four modules; the left one is the digit's highest bit, but the symbol's lowest.
    static byte HexDigit(uint modules) => "084C2A6E195D3B7F"u8[(int)(modules & 15)];

    int WriteDigits(int number, int digits, int at)
    {
        for (var i = at + digits - 1; i >= at; i--)
        {
            (number, var digit) = Math.DivRem(number, 10);
            _text[i] = (byte)('0' + digit);
        }

        return at + digits;
    }
}
