namespace Dispatch.Worker.Notices;

/// <summary>Whom a notice is for, as the register has it at this moment. Never logged.</summary>
/// <param name="Contact">Checked; null = there is none that can be sent to.</param>
/// <param name="IsOwner">A letter of the job is in their own mailbox; else in one they may read.</param>
sealed record Addressee(string? Contact, bool IsSuppressed, string Language, bool IsOwner);
