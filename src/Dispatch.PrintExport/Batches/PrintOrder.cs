namespace Dispatch.PrintExport.Batches;

/// <summary>What a job's pieces share, as the sender ordered it; names and ids are made of nothing else.</summary>
/// <param name="SenderCvr">CVR number of the sender, 8 digits.</param>
/// <param name="Reference">The sender's own name of the job, as it was written.</param>
/// <param name="ContentSha256">SHA-256 over the job's files, 32 bytes.</param>
/// <param name="ReleaseDate">Local date of the decision; the first part of every batch name.</param>
/// <param name="Postage">Postage class: <c>economy</c>, <c>standard</c>, <c>registered</c>.</param>
/// <param name="Envelope">Envelope profile the sender ordered; a thicker letter goes in the next larger one.</param>
/// <param name="JoinsHouseholds">Letters to people at one address go into one envelope where they can.</param>
public sealed record PrintOrder(
    string SenderCvr,
    string Reference,
    ReadOnlyMemory<byte> ContentSha256,
    DateOnly ReleaseDate,
    string Postage,
    string Envelope,
    bool IsDuplex,
    bool IsColour,
    bool JoinsHouseholds = false)
{
    /// <summary>Pages of so many sheets in the PDF, blank backs counted.</summary>
    internal int PagesOf(int sheets) => IsDuplex ? sheets * 2 : sheets;
}
