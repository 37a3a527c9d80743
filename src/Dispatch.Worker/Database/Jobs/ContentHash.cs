using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// What makes two submissions the same job: SHA-256 over job.json, list, letter and the pictures the letter names, in
/// the order of their names as bytes. Of each file: the length of its name (4 bytes, little-endian), the name (UTF-8,
/// pictures with <c>assets/</c> in front), the length of its content (8 bytes), the SHA-256 of its content. Hashing the
/// files' hashes lets the list be hashed once, for this and for its own sake.
/// </summary>
static class ContentHash
{
    public static byte[] Of(IEnumerable<(string Name, long Bytes, byte[] Sha256)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        foreach (var (name, bytes, sha256) in files
            .Select(file => (Name: Encoding.UTF8.GetBytes(file.Name), file.Bytes, file.Sha256))
            .OrderBy(file => file.Name, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))))
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, name.Length);
            hash.AppendData(length[..4]);
            hash.AppendData(name);
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes);
            hash.AppendData(length);
            hash.AppendData(sha256);
        }

        return hash.GetHashAndReset();
    }
}
