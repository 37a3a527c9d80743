using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dispatch.Worker.Security;

namespace Dispatch.Benchmarks.Work;

/// <summary>Letters of the usual length sealed one by one.</summary>
sealed unsafe partial class SealLetters : IDisposable
{
    const int LetterBytes = 150;
    const int BoundBytes = 17;
    const int KeyBytes = 32;

    readonly byte[] _plain = new byte[LetterBytes];
    readonly byte[] _sealed = new byte[LetterBytes + LetterSeal.TagBytes];
    readonly byte[] _nonce = new byte[Aes256GcmKey.NonceBytes];
    readonly byte[] _bound = new byte[BoundBytes];
    readonly void* _expandedKey = NativeMemory.AlignedAlloc(ExpandedKeyBytes(), 64);
    readonly AesGcm _openSsl;
    readonly JobKey _job;
    readonly LetterSeal _seal;

    public SealLetters()
    {
        _job = KeyEncryptionKey.Parse(KeyEncryptionKey.NewText())!.CreateJobKey();
        _seal = _job.ForChunk(JobKey.NewSalt());
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        _openSsl = new AesGcm(key, LetterSeal.TagBytes);
        fixed (byte* bytes = key)
        {
            if (!HasSodium)
            {
                return; // the library has no test of its own, and would run into an unknown instruction
            }

            ThrowIfFailed(ExpandKey(_expandedKey, bytes));
        }
    }

    /// <summary>Where libsodium has no AES, letters are sealed by OpenSSL.</summary>
    public static bool HasSodium => Aes256GcmKey.SodiumHasIt;

    /// <summary>The library's function and nothing around it.</summary>
    public int CallSodium()
    {
        fixed (byte* plain = _plain, sealedText = _sealed, nonce = _nonce, bound = _bound)
        {
            for (var row = 0; row < TaxList.Rows; row++)
            {
                *(int*)nonce = row;
                ThrowIfFailed(
                    Encrypt(sealedText, null, plain, LetterBytes, bound, BoundBytes, null, nonce, _expandedKey));
            }
        }

        return _sealed[^1];
    }

    /// <summary>.NET's own, which is OpenSSL's.</summary>
    public int CallAesGcm()
    {
        for (var row = 0; row < TaxList.Rows; row++)
        {
            BitConverter.TryWriteBytes(_nonce, row);
            _openSsl.Encrypt(_nonce, _plain, _sealed.AsSpan(0, LetterBytes), _sealed.AsSpan(LetterBytes), _bound);
        }

        return _sealed[^1];
    }

    public int Seal()
    {
        for (var row = 0; row < TaxList.Rows; row++)
        {
            _seal.Seal(1, row, row, 1, SealPurpose.Letter, _plain, _sealed);
        }

        return _sealed[^1];
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_expandedKey);
        _openSsl.Dispose();
        _seal.Dispose();
        _job.Dispose();
    }

    static void ThrowIfFailed(int result)
    {
        if (result != 0)
        {
            throw new CryptographicException("libsodium could not seal");
        }
    }

    [LibraryImport("libsodium", EntryPoint = "crypto_aead_aes256gcm_statebytes")]
    private static partial nuint ExpandedKeyBytes();

    [LibraryImport("libsodium", EntryPoint = "crypto_aead_aes256gcm_beforenm")]
    private static partial int ExpandKey(void* expandedKey, byte* key);

    [LibraryImport("libsodium", EntryPoint = "crypto_aead_aes256gcm_encrypt_afternm")]
    private static partial int Encrypt(
        byte* sealedText, ulong* sealedBytes, byte* plain, ulong plainBytes, byte* bound, ulong boundBytes,
        byte* unused, byte* nonce, void* expandedKey);
}
