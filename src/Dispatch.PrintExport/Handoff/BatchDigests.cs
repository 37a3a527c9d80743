using Dispatch.PrintExport.Manifest;

namespace Dispatch.PrintExport.Handoff;

/// <summary>Size and hash of a batch's three files as they were recorded.</summary>
public sealed record BatchDigests(FileDigest Pdf, FileDigest Manifest, FileDigest Ticket);
