namespace Dispatch.Worker.Retention;

/// <summary>What a purge did, or would do.</summary>
/// <param name="Busy">Jobs another process had in hand: left for the next time.</param>
/// <param name="ForgottenJobs">Whose data key was destroyed, as all it opened had gone.</param>
sealed record PurgeResult(
    bool DryRun, IReadOnlyList<PurgedClass> Classes, IReadOnlyList<int> Busy, IReadOnlyList<int> ForgottenJobs);

/// <param name="Jobs">Of which something went; of receipts, how many purges.</param>
/// <param name="Items">Letters, pieces or files that went.</param>
/// <param name="Waiting">Jobs that ended long enough ago but are not final: rows are held, or print houses owe
/// answers.</param>
/// <param name="IsAgreed">False: nothing went, as a second operator must want so few days too.</param>
sealed record PurgedClass(string Class, int Days, int Jobs, long Items, int Waiting, bool IsAgreed = true);
