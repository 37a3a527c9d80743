using Dispatch.PrintExport.Manifest;

namespace Dispatch.Worker.Printing;

/// <summary>A batch that something outside the database knows of.</summary>
/// <param name="Pdf">SHA-256 in hexadecimal digits.</param>
/// <param name="Manifest">The same.</param>
/// <param name="IsOut">It reached the print house; else nobody here can tell.</param>
sealed record HandedOffBatch(string Name, string Pdf, string Manifest, bool IsOut)
{
    /// <summary>When it was planned, as its ticket says; null where none lies there.</summary>
    public DateTime? PlannedAt { get; init; }

    public static string Hex(FileDigest? digest) =>
        digest is { } file ? Convert.ToHexStringLower(file.Sha256.Span) : "";

    /// <summary>The very same files.</summary>
    public bool IsSameAs(PrintBatch batch) => Hex(batch.Pdf) == Pdf && Hex(batch.Manifest) == Manifest;
}
