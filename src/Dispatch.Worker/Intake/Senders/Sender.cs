namespace Dispatch.Worker.Intake.Senders;

/// <summary>Somebody who may send, or might.</summary>
/// <param name="Kind"><c>public</c> or <c>private</c>.</param>
/// <param name="Ground">Why a private sender may use CPR numbers; may be empty for a public one.</param>
/// <param name="ClosedAt">Nothing more is taken from then on; null = it is.</param>
/// <param name="OpenJobs">Accepted jobs that have not ended.</param>
sealed record Sender(
    string Cvr, string Name, string Kind, string Ground, string AddedBy, DateTime AddedAt, string? ClosedBy,
    DateTime? ClosedAt, IReadOnlyList<int> OpenJobs);
