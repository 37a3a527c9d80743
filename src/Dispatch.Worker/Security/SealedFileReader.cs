using System.Security.Cryptography;

namespace Dispatch.Worker.Security;

/// <summary>Opens what <see cref="SealedFileWriter"/> sealed.</summary>
sealed class SealedFileReader : IDisposable
{
    readonly Stream _stream;
    readonly AesGcm _aes;
    readonly byte[] _block = new byte[SealedFileWriter.BlockBytes];
    readonly byte[] _sealed = new byte[SealedFileWriter.BlockBytes + LetterSeal.TagBytes];
    int _position;
    int _end;
    int _number;

    /// <exception cref="EndOfStreamException">Shorter than its salt.</exception>
    public SealedFileReader(Stream stream, KeyRing keys, string purpose)
    {
        _stream = stream;
        Span<byte> salt = stackalloc byte[SealedFileWriter.SaltBytes];
        stream.ReadExactly(salt);
        var key = keys.DeriveFileKey(salt, purpose);
        _aes = new AesGcm(key, LetterSeal.TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <exception cref="CryptographicException">Changed, cut, or sealed under another key or for another purpose.
    /// </exception>
    public void Fill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_position == _end)
            {
                Open();
            }

            var count = Math.Min(bytes.Length, _end - _position);
            _block.AsSpan(_position, count).CopyTo(bytes);
            _position += count;
            bytes = bytes[count..];
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_block);
        _aes.Dispose();
    }

    void Open()
    {
        var length = _stream.ReadAtLeast(_sealed, _sealed.Length, throwOnEndOfStream: false) - LetterSeal.TagBytes;
        if (length <= 0)
        {
            throw new CryptographicException("a sealed file ends before what it holds");
        }

        var isLast = length < SealedFileWriter.BlockBytes || _stream.Position == _stream.Length;
        Span<byte> nonce = stackalloc byte[12];
        SealedFileWriter.Nonce(_number++, nonce);
        _aes.Decrypt(
            nonce, _sealed.AsSpan(0, length), _sealed.AsSpan(length, LetterSeal.TagBytes), _block.AsSpan(0, length),
            [(byte)(isLast ? 1 : 0)]);
        (_position, _end) = (0, length);
    }
}
