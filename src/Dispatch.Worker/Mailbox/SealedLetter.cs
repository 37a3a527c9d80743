namespace Dispatch.Worker.Mailbox;

/// <summary>A digital letter as it is stored: sealed for this person's mailbox.</summary>
sealed record SealedLetter(int PersonId, byte[] Values);
