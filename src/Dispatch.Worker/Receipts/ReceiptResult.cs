namespace Dispatch.Worker.Receipts;

/// <summary>What became of a receipt file.</summary>
/// <param name="Sha256">Of the file, hexadecimal.</param>
/// <param name="IsRepeat">It was applied before; nothing changed.</param>
/// <param name="Applied">Lines that moved a piece or a batch on.</param>
/// <param name="Repeated">Lines that said what was known.</param>
/// <param name="Late">Lines about pieces that are further already.</param>
/// <param name="Incidents">New ones, for a person to look at.</param>
sealed record ReceiptResult(
    string PrintHouse, string Sha256, bool IsRepeat, int Lines, int Applied, int Repeated, int Late, int Incidents);
