using System.Buffers.Binary;
using System.IO.Compression;
using Dispatch.Worker.Country;

namespace Dispatch.Worker.Tests.Country;

public sealed class CrestTests
{
    [Fact]
    public void ToPng_Header_IsAnRgbPictureOfItsSize()
    {
        var png = Crest.ToPng();

        Assert.Equal("\u0089PNG\r\n\u001a\n", string.Concat(png.Take(8).Select(value => (char)value)));
        Assert.Equal(Crest.WidthPixels, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(Crest.HeightPixels, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Equal([8, 2, 0, 0, 0], png[24..29]);
        Assert.Equal(Crest.HeightPixels * (Crest.WidthPixels * 3 + 1), Inflate(Data(png)).Length);
        Assert.InRange(png.Length, 1_000, 20_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    public void ToZlib_AnyBytes_InflateToThemselves(int length)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++)
        {
            // Runs of every length up to 300, all byte values between them.
            data[i] = i % 600 < i / 17 ? (byte)200 : (byte)(i * 31 / 7);
        }

        Assert.Equal(data, Inflate(RepeatDeflate.ToZlib(data, [1, 3, 4, 5, 24, 600, 721, 4_097])));
    }

    static byte[] Data(byte[] png)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        Assert.Equal("IDAT"u8.ToArray(), png[37..41]);
        return png[41..(41 + length)];
    }

    static byte[] Inflate(byte[] data)
    {
        using var inflated = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }
}
