using System.Security.Cryptography;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Security;

/// <summary>By libsodium (on a processor that has the instructions for it) and by OpenSSL: a letter outlives the
/// machine that sealed it.</summary>
public sealed class Aes256GcmKeyTests
{
    readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    readonly byte[] _nonce = RandomNumberGenerator.GetBytes(Aes256GcmKey.NonceBytes);
    readonly byte[] _bound = RandomNumberGenerator.GetBytes(17);

    public static TheoryData<bool> Libraries => new(Aes256GcmKey.SodiumHasIt, false);

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Seal_AnyLength_GivesTheStandardsBytesAndOpens(bool useSodium)
    {
        using var key = new Aes256GcmKey(_secret, useSodium);
        using var reference = new AesGcm(_secret, Aes256GcmKey.TagBytes);
        foreach (var length in (int[])[0, 1, 15, 16, 17, 150, 4_096])
        {
            var plain = RandomNumberGenerator.GetBytes(length);
            var (expected, text) = (new byte[length + Aes256GcmKey.TagBytes], new byte[length + Aes256GcmKey.TagBytes]);
            reference.Encrypt(_nonce, plain, expected.AsSpan(0, length), expected.AsSpan(length), _bound);
            key.Seal(_nonce, _bound, plain, text);
            Assert.Equal(expected, text);

            var opened = new byte[length];
            key.Open(_nonce, _bound, expected, opened);
            Assert.Equal(plain, opened);
        }
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Open_AnyBitChanged_IsRefusedAndGivesNothing(bool useSodium)
    {
        using var key = new Aes256GcmKey(_secret, useSodium);
        var plain = RandomNumberGenerator.GetBytes(24);
        var text = new byte[plain.Length + Aes256GcmKey.TagBytes];
        key.Seal(_nonce, _bound, plain, text);
        for (var bit = 0; bit < text.Length * 8; bit++)
        {
            text[bit / 8] ^= (byte)(1 << bit % 8);
            var opened = new byte[plain.Length];
            Assert.ThrowsAny<CryptographicException>(() => key.Open(_nonce, _bound, text, opened));
            Assert.All(opened, value => Assert.Equal(0, value));
            text[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }
}
