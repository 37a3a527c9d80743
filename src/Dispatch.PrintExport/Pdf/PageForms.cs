using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// The form XObjects of one file: the constant part of neighbouring strips, written the first time a page needs it.
/// Page cuts fall in few places, so a handful of forms serves a whole file; a file that needs more than the limit draws
/// the rest in line.
/// </summary>
sealed class PageForms(PdfObjects objects, LetterLayout layout, FontEmbedding fonts, int resources)
    : IDisposable
{
    const int FormsMax = 1_000;

    readonly Dictionary<(int First, int Last), int> _indices = [];
    readonly List<int> _numbers = [];
    readonly ByteBuffer _scratch = new();
    readonly FlowItem.Strip[] _strips = [.. layout.Items.OfType<FlowItem.Strip>()];

    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>Adds a form that is no run of strips; gives its index.</summary>
    public int Add(StripContent content)
    {
        fonts.Use(content.Cells);
        return Write(content.Bytes);
    }

    /// <summary>Draws the constant part of the strips <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <param name="y">Top of the first strip, from the bottom of the page.</param>
    public void Draw(ByteBuffer page, int first, int last, int y)
    {
        if (!_indices.TryGetValue((first, last), out var index))
        {
            Compose(first, last);
            if (_numbers.Count >= FormsMax)
            {
                PdfContent.Shift(page, y);
                page.Write(_scratch.Written);
                PdfContent.EndShift(page);
                return;
            }

            index = _scratch.Length == 0 ? -1 : Write(_scratch.Written);
            _indices.Add((first, last), index);
        }

        if (index >= 0)
        {
            Draw(page, index, y);
        }
    }

    /// <summary>Draws a form with its top at <paramref name="y"/>, from the bottom of the page.</summary>
    public static void Draw(ByteBuffer page, int index, int y)
    {
        page.Write("q 1 0 0 1 0 "u8);
        page.WritePoints(y);
        page.Write(" cm/X"u8);
        page.Write(index);
        page.Write(" Do Q\n"u8);
    }

    public void Dispose() => _scratch.Dispose();

    void Compose(int first, int last)
    {
        _scratch.Clear();
        var top = 0;
        for (var number = first; number <= last; number++)
        {
            var strip = _strips[number];
            top += number == first ? 0 : strip.SpaceBefore;
            var content = strip is FlowItem.Row row ? row.Content : ((FlowItem.Constant)strip).Content;
            if (!content.IsEmpty)
            {
                PdfContent.Shift(_scratch, -top);
                _scratch.Write(content.Bytes);
                PdfContent.EndShift(_scratch);
                fonts.Use(content.Cells);
            }

            top += strip.Height;
        }
    }

    int Write(ReadOnlySpan<byte> content)
    {
        var number = objects.Reserve();
        objects.WriteStream(
            number,
            System.Text.Encoding.ASCII.GetBytes(
                $"/Type/XObject/Subtype/Form/BBox[0 -842 596 842]/Resources {resources} 0 R"),
            content,
            isCompressed: true);
        _numbers.Add(number);
        return _numbers.Count - 1;
    }
}
