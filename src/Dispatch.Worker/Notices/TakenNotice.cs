namespace Dispatch.Worker.Notices;

/// <summary>A notice this process may send until its lease ends.</summary>
/// <param name="Attempt">Guards what is said about it: whoever takes it later has a higher one.</param>
/// <param name="Failures">Before this attempt.</param>
/// <param name="IsStale">It was tried for long enough, or nobody got to it.</param>
readonly record struct TakenNotice(int JobId, int PersonId, int Attempt, int Failures, bool IsStale);
