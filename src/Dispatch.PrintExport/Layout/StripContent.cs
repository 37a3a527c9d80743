using Dispatch.PrintExport.Pdf;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// PDF content that is the same in every letter, made once: x from the left edge of the page, y downwards (negative)
/// from the top of the strip.
/// </summary>
sealed class StripContent
{
    public static readonly StripContent Empty = new([], []);

    StripContent(byte[] bytes, uint[] cells)
    {
        Bytes = bytes;
        Cells = cells;
    }

    public byte[] Bytes { get; }

    /// <summary>The glyphs it draws: the file must embed them.</summary>
    public uint[] Cells { get; }

    public bool IsEmpty => Bytes.Length == 0;

    /// <summary>Collects content.</summary>
    internal sealed class Builder(GlyphWidths widths) : IDisposable
    {
        readonly ByteBuffer _bytes = new();
        readonly List<uint> _cells = [];

        public void Text(int x, int top, TypeSize type, ReadOnlySpan<uint> cells)
        {
            PdfContent.BeginText(_bytes);
            PdfContent.Line(_bytes, x, -top - type.Baseline, type.Size, cells, widths);
            PdfContent.EndText(_bytes);
            _cells.AddRange(cells);
        }

        /// <summary>Every line of constant text, one below the other.</summary>
        public void Lines(FlowText text, int top)
        {
            foreach (var line in text.ConstantLines)
            {
                Text(text.LineLeft(line.Width), top, text.Type, text.ConstantCells.AsSpan(line.Start..line.End));
                top += text.Type.Leading;
            }
        }

        /// <param name="gray">0 black – 100 white.</param>
        public void Box(int x, int top, int width, int height, int gray) =>
            PdfContent.Box(_bytes, x, -top - height, width, height, gray);

        public void Picture(int index, int x, int top, int width, int height) =>
            PdfContent.Picture(_bytes, index, x, -top - height, width, height);

        /// <summary>Text that runs upwards to the right, in a light colour: for what lies below a letter.</summary>
        /// <param name="top">Of the foot of its first letter.</param>
        public void Slanted(int x, int top, int size, ReadOnlySpan<uint> cells)
        {
            PdfContent.BeginSlanted(_bytes, x, -top);
            PdfContent.BeginText(_bytes);
            PdfContent.Line(_bytes, 0, 0, size, cells, widths);
            PdfContent.EndText(_bytes);
            PdfContent.EndShift(_bytes);
            _cells.AddRange(cells);
        }

        /// <summary>A tinted area with a dashed outline, in colour.</summary>
        public void Zone(int x, int top, int width, int height) =>
            PdfContent.Zone(_bytes, x, -top - height, width, height);

        public StripContent Build() => _bytes.Length == 0 ? Empty : new(_bytes.Written.ToArray(), [.. _cells]);

        public void Dispose() => _bytes.Dispose();
    }
}
