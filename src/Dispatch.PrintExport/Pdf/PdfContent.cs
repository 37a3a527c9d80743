using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Pdf;

/// <summary>The few content operators letters need (ISO 32000-1, 8 and 9). Gray operators only.</summary>
static class PdfContent
{
    public static void BeginText(ByteBuffer bytes) => bytes.Write("BT\n"u8);

    public static void EndText(ByteBuffer bytes) => bytes.Write("ET\n"u8);

    /// <summary>Draws a line of text, inside BT … ET.</summary>
    /// <param name="y">Feet of the letters.</param>
    public static void Line(ByteBuffer bytes, int x, int y, int size, ReadOnlySpan<uint> cells, GlyphWidths widths)
    {
        var font = -1;
        var before = 0u;
        bytes.Write("1 0 0 1 "u8);
        bytes.WritePoints(x);
        bytes.Write(" "u8);
        bytes.WritePoints(y);
        bytes.Write(" Tm\n"u8);
        for (var i = 0; i < cells.Length; i++)
        {
            var cell = cells[i];
            if (!GlyphCell.IsDrawn(cell) && ((cell & GlyphCell.SoftHyphen) == 0 || i < cells.Length - 1))
            {
                continue;
            }

            if (GlyphCell.Font(cell) != font)
            {
                SelectFont(bytes, font, GlyphCell.Font(cell), size);
                font = GlyphCell.Font(cell);
            }
            else if (widths.Between(before, cell) is var kerning and not 0)
            {
                // The operator's numbers move to the left.
                bytes.Write(")"u8);
                bytes.Write(-kerning);
                bytes.Write("("u8);
            }

            bytes.WriteGlyph(GlyphCell.Glyph(cell));
            before = cell;
        }

        if (font >= 0)
        {
            bytes.Write(")]TJ\n"u8);
        }
    }

    /// <summary>Fills a rectangle.</summary>
    public static void Box(ByteBuffer bytes, int x, int y, int width, int height, int gray)
    {
        bytes.WritePoints(gray);
        bytes.Write(" g "u8);
        WriteFour(bytes, x, y, width, height);
        bytes.Write(" re f 0 g\n"u8);
    }

    /// <summary>Draws picture <paramref name="index"/> of the letter.</summary>
    public static void Picture(ByteBuffer bytes, int index, int x, int y, int width, int height)
    {
        bytes.Write("q "u8);
        bytes.WritePoints(width);
        bytes.Write(" 0 0 "u8);
        bytes.WritePoints(height);
        bytes.Write(" "u8);
        bytes.WritePoints(x);
        bytes.Write(" "u8);
        bytes.WritePoints(y);
        bytes.Write(" cm /I"u8);
        bytes.Write(index);
        bytes.Write(" Do Q\n"u8);
    }

    /// <summary>Moves the origin down (or up) for what follows, until <c>Q</c>.</summary>
    public static void Shift(ByteBuffer bytes, int y)
    {
        bytes.Write("q 1 0 0 1 0 "u8);
        bytes.WritePoints(y);
        bytes.Write(" cm\n"u8);
    }

    public static void EndShift(ByteBuffer bytes) => bytes.Write("Q\n"u8);

    /// <summary>Turns what follows by 45 degrees and colours it a light red, until <c>Q</c>.</summary>
    public static void BeginSlanted(ByteBuffer bytes, int x, int y)
    {
        bytes.Write("q 1 0.8 0.8 rg 0.7071 0.7071 -0.7071 0.7071 "u8);
        bytes.WritePoints(x);
        bytes.Write(" "u8);
        bytes.WritePoints(y);
        bytes.Write(" cm\n"u8);
    }

    /// <summary>Tints a rectangle and draws a dashed red line around it.</summary>
    public static void Zone(ByteBuffer bytes, int x, int y, int width, int height)
    {
        bytes.Write("q 1 0.94 0.88 rg 0.85 0.1 0.1 RG 0.6 w [4 2] 0 d "u8);
        WriteFour(bytes, x, y, width, height);
        bytes.Write(" re B Q\n"u8);
    }

    static void SelectFont(ByteBuffer bytes, int before, int font, int size)
    {
        bytes.Write(before < 0 ? "/F"u8 : ")]TJ\n/F"u8);
        bytes.Write(font);
        bytes.Write(" "u8);
        bytes.WritePoints(size);
        bytes.Write(" Tf [("u8);
    }

    static void WriteFour(ByteBuffer bytes, int a, int b, int c, int d)
    {
        bytes.WritePoints(a);
        bytes.Write(" "u8);
        bytes.WritePoints(b);
        bytes.Write(" "u8);
        bytes.WritePoints(c);
        bytes.Write(" "u8);
        bytes.WritePoints(d);
    }
}
