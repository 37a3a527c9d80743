using System.Text;
using Dispatch.PrintExport.Pdf;

namespace Dispatch.PrintExport.Tests.Pdf;

public sealed class ByteBufferTests
{
    // ISO 32000-1, 7.3.4.2: what a reader would take for something else than a byte of the string.
    [Theory]
    [InlineData(0x000D, "\0\\r")]
    [InlineData(0x0028, "\0\\(")]
    [InlineData(0x0029, "\0\\)")]
    [InlineData(0x005C, "\0\\\\")]
    [InlineData(0x285C, "\\(\\\\")]
    [InlineData(0x0A41, "\nA")]
    public void WriteGlyph_AnyNumber_IsTwoBytesOfAString(int glyph, string expected)
    {
        using var buffer = new ByteBuffer();
        buffer.WriteGlyph(glyph);
        Assert.Equal(expected, Encoding.Latin1.GetString(buffer.Written));
    }
}
