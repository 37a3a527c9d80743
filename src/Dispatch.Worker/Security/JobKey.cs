using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dispatch.Worker.Security;

/// <summary>
/// A job's data key (256 bits) and what is derived from it: one subkey for the spooled list and one for every attempt
/// at a chunk (HKDF-SHA-256 over the data key and the attempt's random 128-bit salt), so that no key and nonce ever
/// meet twice through retries, rolled-back COPYs or restores (NIST SP 800-38D § 8).
/// </summary>
sealed class JobKey : IDisposable
{
    public const int SaltBytes = 16;
    const int KeyBytes = 32;

    readonly byte[] _key;
    readonly AesGcm _list;

    internal JobKey(byte[] key, byte[] wrapped, string keyId)
    {
        _key = key;
        Wrapped = wrapped;
        KeyId = keyId;
        var subkey = Derive([], "dispatch list"u8);
        _list = new AesGcm(subkey, LetterSeal.TagBytes);
        CryptographicOperations.ZeroMemory(subkey);
    }

    /// <summary>The data key under the key-encryption key; this is what the database keeps.</summary>
    public byte[] Wrapped { get; private set; }

    /// <summary>Which key-encryption key wrapped it.</summary>
    public string KeyId { get; private set; }

    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SaltBytes);

    /// <summary>Seals the text of one chunk of the list; the destination takes <see cref="LetterSeal.TagBytes"/> more.
    /// </summary>
    public void SealListChunk(int chunkNo, ReadOnlySpan<byte> plain, Span<byte> sealedChunk)
    {
        Span<byte> nonce = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(nonce, chunkNo);
        lock (_list)
        {
            _list.Encrypt(
                nonce, plain, sealedChunk[..plain.Length], sealedChunk.Slice(plain.Length, LetterSeal.TagBytes));
        }
    }

    /// <exception cref="CryptographicException">The chunk was changed, or belongs to another job or place.</exception>
    public void OpenListChunk(int chunkNo, ReadOnlySpan<byte> sealedChunk, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(nonce, chunkNo);
        var length = sealedChunk.Length - LetterSeal.TagBytes;
        lock (_list)
        {
            _list.Decrypt(nonce, sealedChunk[..length], sealedChunk[length..], plain[..length]);
        }
    }

    /// <summary>The seal for the letters of one attempt at a chunk.</summary>
    public LetterSeal ForChunk(ReadOnlySpan<byte> salt)
    {
        if (salt.Length != SaltBytes)
        {
            throw new ArgumentException("a salt has 16 bytes", nameof(salt));
        }

        return new LetterSeal(Derive(salt, "dispatch letters"u8));
    }

    internal void WrapUnder(KeyEncryptionKey other) => (Wrapped, KeyId) = (other.Wrap(_key), other.KeyId);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        _list.Dispose();
    }

    byte[] Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info)
    {
        var subkey = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, subkey, salt, info);
        return subkey;
    }
}
