using System.Security.Cryptography;
using NSec.Cryptography;
using NSecKey = NSec.Cryptography.Key;

namespace Dispatch.Worker.Security;

/// <summary>
/// A key of AES-256-GCM (NIST SP 800-38D) for many short texts: libsodium's where the processor has AES instructions,
/// else OpenSSL's, with the same bytes. OpenSSL spends most of a short text on the calls
/// (docs/adr/0018-libsodium-seals-letters.md). One thread at a time.
/// </summary>
sealed class Aes256GcmKey : IDisposable
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    readonly NSecKey? _sodium;
    readonly AesGcm? _openSsl;

    /// <param name="key">32 bytes; copied.</param>
    /// <param name="useSodium">Only where <see cref="SodiumHasIt"/>.</param>
    public Aes256GcmKey(ReadOnlySpan<byte> key, bool useSodium)
    {
        if (useSodium)
        {
            _sodium = NSecKey.Import(AeadAlgorithm.Aes256Gcm, key, KeyBlobFormat.RawSymmetricKey);
        }
        else
        {
            _openSsl = new AesGcm(key, TagBytes);
        }
    }

    /// <summary>Does this processor have the AES instructions libsodium asks for?</summary>
    public static bool SodiumHasIt => Aes256Gcm.IsSupported;

    /// <param name="sealedText">Takes the plain text's length plus <see cref="TagBytes"/>, exactly.</param>
    public void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> plain, Span<byte> sealedText)
    {
        if (_sodium is { } key)
        {
            AeadAlgorithm.Aes256Gcm.Encrypt(key, nonce, bound, plain, sealedText);
        }
        else
        {
            _openSsl!.Encrypt(nonce, plain, sealedText[..^TagBytes], sealedText[^TagBytes..], bound);
        }
    }

    /// <param name="plain">Takes the sealed text's length less <see cref="TagBytes"/>, exactly.</param>
    /// <exception cref="CryptographicException">Changed, cut, or sealed with another key, nonce or bound data.
    /// </exception>
    public void Open(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> sealedText, Span<byte> plain)
    {
        if (_sodium is not { } key)
        {
            _openSsl!.Decrypt(nonce, sealedText[..^TagBytes], sealedText[^TagBytes..], plain, bound);
        }
        else if (!AeadAlgorithm.Aes256Gcm.Decrypt(key, nonce, bound, sealedText, plain))
        {
            plain.Clear();
            throw new AuthenticationTagMismatchException();
        }
    }

    public void Dispose()
    {
        _sodium?.Dispose();
        _openSsl?.Dispose();
    }
}
