using System.Security.Cryptography;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Security;

public sealed class SealedFileTests : IAsyncLifetime, IDisposable
{
    readonly KeyFolder _folder = new();
    KeyRing _keys = null!;

    public async Task InitializeAsync() => _keys = await _folder.OpenAsync(mayCreate: true);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(SealedFileWriter.BlockBytes - 1)]
    [InlineData(SealedFileWriter.BlockBytes)]
    [InlineData(SealedFileWriter.BlockBytes + 1)]
    [InlineData(3 * SealedFileWriter.BlockBytes)]
    public void Fill_WhatWasWritten_ComesBackWhole(int length)
    {
        var plain = Random(length);

        Assert.Equal(plain, Open(Seal(plain), length));
    }

    [Fact]
    public void Fill_MoreThanWasWritten_Throws() =>
        Assert.Throws<CryptographicException>(() => Open(Seal(Random(100)), 101));

    // The last block is gone, and the one before it now ends the file.
    [Fact]
    public void Fill_CutBetweenBlocks_Throws()
    {
        var sealedBytes = Seal(Random(2 * SealedFileWriter.BlockBytes));
        var cut = sealedBytes[..(SealedFileWriter.SaltBytes + SealedFileWriter.BlockBytes + LetterSeal.TagBytes)];

        Assert.Throws<AuthenticationTagMismatchException>(() => Open(cut, SealedFileWriter.BlockBytes));
    }

    [Fact]
    public void Fill_OtherPurpose_Throws() => Assert.Throws<AuthenticationTagMismatchException>(
        () => Open(Seal(Random(100)), 100, purpose: "another"));

    [Fact]
    public void Seal_SameBytesTwice_SharesNoBlock()
    {
        var plain = new byte[2 * SealedFileWriter.BlockBytes];
        var block = SealedFileWriter.BlockBytes + LetterSeal.TagBytes;
        var (first, second) = (Seal(plain), Seal(plain));

        byte[][] blocks =
            [.. new[] { first, second }.SelectMany(file => file[SealedFileWriter.SaltBytes..].Chunk(block))];
        Assert.Equal(4, blocks.Select(Convert.ToHexString).Distinct().Count());
    }

    byte[] Seal(byte[] plain)
    {
        using var stream = new MemoryStream();
        using var file = new SealedFileWriter(stream, _keys, "test");
        file.Write(plain.AsSpan(0, plain.Length / 3));
        file.Write(plain.AsSpan(plain.Length / 3));
        file.Finish();
        return stream.ToArray();
    }

    byte[] Open(byte[] sealedBytes, int length, string purpose = "test")
    {
        using var file = new SealedFileReader(new MemoryStream(sealedBytes), _keys, purpose);
        var plain = new byte[length];
        file.Fill(plain.AsSpan(0, length / 2));
        file.Fill(plain.AsSpan(length / 2));
        return plain;
    }

    static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
