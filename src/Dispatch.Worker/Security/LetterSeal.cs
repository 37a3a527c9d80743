using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dispatch.Worker.Security;

/// <summary>
/// Seals the values of the letters of one chunk attempt with AES-256-GCM. The nonce is the row number and the purpose;
/// the associated data binds job, row, person and template, so that a sealed value moved to another row does not open.
/// One thread at a time.
/// </summary>
sealed class LetterSeal : IDisposable
{
    public const int TagBytes = Aes256GcmKey.TagBytes;
    const int BoundBytes = 17;

    readonly Aes256GcmKey _key;

    internal LetterSeal(byte[] subkey)
    {
        _key = new Aes256GcmKey(subkey, Aes256GcmKey.SodiumHasIt);
        CryptographicOperations.ZeroMemory(subkey);
    }

    /// <param name="sealedValues">Takes the plain length plus <see cref="TagBytes"/>.</param>
    public void Seal(
        int jobId, int rowNo, int personId, int templateId, SealPurpose purpose, ReadOnlySpan<byte> plain,
        Span<byte> sealedValues)
    {
        Span<byte> nonce = stackalloc byte[Aes256GcmKey.NonceBytes];
        Span<byte> bound = stackalloc byte[BoundBytes];
        Bind(nonce, bound, jobId, rowNo, personId, templateId, purpose);
        _key.Seal(nonce, bound, plain, sealedValues[..(plain.Length + TagBytes)]);
    }

    /// <exception cref="CryptographicException">Changed, or not sealed for this job, row, person, template and purpose.
    /// </exception>
    public void Open(
        int jobId, int rowNo, int personId, int templateId, SealPurpose purpose, ReadOnlySpan<byte> sealedValues,
        Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[Aes256GcmKey.NonceBytes];
        Span<byte> bound = stackalloc byte[BoundBytes];
        Bind(nonce, bound, jobId, rowNo, personId, templateId, purpose);
        var length = sealedValues.Length - TagBytes;
        if (length < 0)
        {
            throw new CryptographicException("a sealed value is shorter than its tag");
        }

        _key.Open(nonce, bound, sealedValues, plain[..length]);
    }

    public void Dispose() => _key.Dispose();

    static void Bind(
        Span<byte> nonce, Span<byte> bound, int jobId, int rowNo, int personId, int templateId, SealPurpose purpose)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(nonce, rowNo);
        nonce[4] = (byte)purpose;
        BinaryPrimitives.WriteInt32LittleEndian(bound, jobId);
        BinaryPrimitives.WriteInt32LittleEndian(bound[4..], rowNo);
        BinaryPrimitives.WriteInt32LittleEndian(bound[8..], personId);
        BinaryPrimitives.WriteInt32LittleEndian(bound[12..], templateId);
        bound[16] = (byte)purpose;
    }
}
