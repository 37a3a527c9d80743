namespace Dispatch.Worker.Printing;

/// <summary>A batch with pieces that are printed again.</summary>
/// <param name="Of">The batch they were lost in.</param>
/// <param name="Attempt">2 and up.</param>
/// <param name="IsRepeat">It was asked for before.</param>
sealed record Reprint(string Batch, string Of, int Attempt, int Pieces, bool IsRepeat);
