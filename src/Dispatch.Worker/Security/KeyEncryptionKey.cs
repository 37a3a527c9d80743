using System.Security.Cryptography;
using System.Text;

namespace Dispatch.Worker.Security;

/// <summary>One key-encryption key. It wraps jobs' data keys (AES-256-GCM, a random 96-bit nonce each), and keys for
/// files and tickets are derived from it.</summary>
sealed class KeyEncryptionKey
{
    /// <summary>Hexadecimal digits of a key as files and commands hold it.</summary>
    public const int Digits = KeyBytes * 2;

    const int KeyBytes = 32;
    const int NonceBytes = 12;
    const int TagBytes = 16;

    readonly byte[] _key;

    KeyEncryptionKey(byte[] key)
    {
        _key = key;
        KeyId = Convert.ToHexStringLower(SHA256.HashData([.. "dispatch key id"u8, .. key]))[..16];
    }

    /// <summary>Names the key without telling it.</summary>
    public string KeyId { get; }

    /// <summary>A new key, as it is written to a file.</summary>
    public static string NewText() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <returns>Null when the text is not 64 hexadecimal digits, or all zero.</returns>
    public static KeyEncryptionKey? Parse(string text)
    {
        if (text.Length != Digits || !text.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var key = Convert.FromHexString(text);
        return key.AsSpan().ContainsAnyExcept((byte)0) ? new(key) : null;
    }

    public JobKey CreateJobKey()
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        return new JobKey(key, Wrap(key), KeyId);
    }

    public byte[] Wrap(ReadOnlySpan<byte> dataKey)
    {
        var wrapped = new byte[NonceBytes + KeyBytes + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            wrapped.AsSpan(0, NonceBytes), dataKey, wrapped.AsSpan(NonceBytes, KeyBytes),
            wrapped.AsSpan(NonceBytes + KeyBytes));
        return wrapped;
    }

    /// <returns>Null when another key wrapped it, or it was changed.</returns>
    public JobKey? Unwrap(byte[] wrapped)
    {
        if (wrapped.Length != NonceBytes + KeyBytes + TagBytes)
        {
            return null;
        }

        var key = new byte[KeyBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(
                wrapped.AsSpan(0, NonceBytes), wrapped.AsSpan(NonceBytes, KeyBytes),
                wrapped.AsSpan(NonceBytes + KeyBytes), key);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return new JobKey(key, wrapped, KeyId);
    }

    /// <summary>Another key, made of this one by HKDF-SHA-256; it tells nothing of this one.</summary>
    public byte[] Derive(ReadOnlySpan<byte> salt, string info)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, Encoding.UTF8.GetBytes(info));
        return key;
    }
}
