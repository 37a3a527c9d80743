using System.Security.Cryptography;

namespace Dispatch.PrintExport.Manifest;

/// <summary>By what a file is known to be the one that was made.</summary>
/// <param name="Sha256">32 bytes.</param>
public readonly record struct FileDigest(long Bytes, ReadOnlyMemory<byte> Sha256) : IEquatable<FileDigest>
{
    public static FileDigest Of(ReadOnlySpan<byte> content) => new(content.Length, SHA256.HashData(content));

    /// <summary>Reads the whole file.</summary>
    public static FileDigest OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return new(file.Length, SHA256.HashData(file));
    }

    public bool Equals(FileDigest other) => Bytes == other.Bytes && Sha256.Span.SequenceEqual(other.Sha256.Span);

    public override int GetHashCode() => Bytes.GetHashCode();
}
