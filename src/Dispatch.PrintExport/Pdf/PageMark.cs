namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// Says of a page, in a comment (ISO 32000-1, 7.2.3) behind its dictionary, which piece of the file it belongs to: for
/// our own reader, and passed over by every other.
/// </summary>
static class PageMark
{
    public static ReadOnlySpan<byte> Text => "%piece "u8;

    /// <param name="piece">Counted from 1.</param>
    public static void Write(ByteBuffer buffer, int piece)
    {
        buffer.Write(Text);
        buffer.Write(piece);
    }
}
