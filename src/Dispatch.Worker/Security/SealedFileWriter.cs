using System.Security.Cryptography;

namespace Dispatch.Worker.Security;

/// <summary>
/// Seals bytes into a stream: a random salt, then blocks of <see cref="BlockBytes"/> under AES-256-GCM with the block's
/// number as nonce; what marks the last block is in its associated data, so that a cut file does not open.
/// </summary>
sealed class SealedFileWriter : IDisposable
{
    public const int SaltBytes = 16;
    public const int BlockBytes = 1 << 20;

    readonly Stream _stream;
    readonly AesGcm _aes;
    readonly byte[] _block = new byte[BlockBytes];
    readonly byte[] _sealed = new byte[BlockBytes + LetterSeal.TagBytes];
    int _used;
    int _number;

    public SealedFileWriter(Stream stream, KeyRing keys, string purpose)
    {
        _stream = stream;
        Span<byte> salt = stackalloc byte[SaltBytes];
        RandomNumberGenerator.Fill(salt);
        stream.Write(salt);
        var key = keys.DeriveFileKey(salt, purpose);
        _aes = new AesGcm(key, LetterSeal.TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_used == BlockBytes)
            {
                Seal(isLast: false);
            }

            var count = Math.Min(bytes.Length, BlockBytes - _used);
            bytes[..count].CopyTo(_block.AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Writes the last block; without it the file does not open.</summary>
    public void Finish() => Seal(isLast: true);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_block);
        _aes.Dispose();
    }

    internal static void Nonce(int number, Span<byte> nonce)
    {
        nonce.Clear();
        BitConverter.TryWriteBytes(nonce, number);
    }

    void Seal(bool isLast)
    {
        Span<byte> nonce = stackalloc byte[12];
        Nonce(_number++, nonce);
        _aes.Encrypt(
            nonce, _block.AsSpan(0, _used), _sealed.AsSpan(0, _used), _sealed.AsSpan(_used, LetterSeal.TagBytes),
            [(byte)(isLast ? 1 : 0)]);
        _stream.Write(_sealed.AsSpan(0, _used + LetterSeal.TagBytes));
        _used = 0;
    }
}
