namespace Dispatch.PrintExport.Pdf;

/// <summary>One font file, whole.</summary>
/// <param name="Sha256">Of its bytes, lower-case hex.</param>
public readonly record struct FontFile(string Sha256, ReadOnlyMemory<byte> Bytes);
