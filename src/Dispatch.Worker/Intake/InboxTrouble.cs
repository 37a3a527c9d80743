namespace Dispatch.Worker.Intake;

/// <summary>Why something in an inbox stays where it is. The others have their turn.</summary>
/// <param name="Place">Without any name that came from outside.</param>
/// <param name="Fault">Met when it was looked at; null = it is nothing to be taken.</param>
/// <param name="Strange">Entries that are no job folders.</param>
readonly record struct InboxTrouble(string Place, Exception? Fault, int Strange = 0);
