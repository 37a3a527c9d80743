using System.Globalization;

namespace Dispatch.Worker.Reporting;

/// <summary>What a job waits for, and until when if a clock ends it.</summary>
readonly record struct JobWait(string For, DateTime? Until = null)
{
    /// <summary>Null when the job is at work, or has nothing left to wait for.</summary>
    public static JobWait? Of(JobSituation job) => job.State switch
    {
        "awaiting_approval" => new($"approval by a second operator: dispatch approve {job.JobId}"),
        "held" => new(
            $"a decision: {Count(job.PlannedRefused)} of {Count(job.Rows)} rows would be "
            + $"refused; dispatch resume {job.JobId} --accept-refused, or dispatch cancel {job.JobId}"),
        "paused" when job.IsBeingCancelled => job.IsLive ? null : new(
            $"its rows to be cancelled: dispatch cancel {job.JobId} again"),
        "paused" => new($"an operator{Because(job.PauseReason)}: dispatch resume {job.JobId}"),
        "completed" => job.Held == 0 ? null : new(
            $"an operator: {Count(job.Held)} rows are held; dispatch held list {job.JobId}"),
        "cancelled" or "refused" => null,
        _ when job.IsLive => null,
        _ when job.SetbackCode == "handoff.closed" => new("its print house to take files again", job.RetryAt),
        _ when job.SetbackCode is { } code => new($"another try of the workers, after {code}", job.RetryAt),
        _ when job.NotBefore is { } notBefore && notBefore > job.Now && !job.IsReleased =>
            new("its notBefore", notBefore),
        _ when job is { IsReleased: true, Pace: { } pace } && job.NextTurn > job.Now =>
            new($"its turn, at {Count(pace)} letters an hour", job.NextTurn),
        _ => new("a process to see it through: dispatch run, or a worker"),
    };

    // As the rest of the line has them.
    static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $" ({reason})";
}

/// <summary>What decides whether a job waits.</summary>
/// <param name="PlannedRefused">Rows the planning pass would refuse.</param>
/// <param name="Held">Rows held by now.</param>
/// <param name="Pace">Letters an hour; null = as many as can.</param>
/// <param name="NextTurn">When more of them may go out.</param>
/// <param name="SetbackCode">Of the error when workers were at it last; null when they got on.</param>
readonly record struct JobSituation(
    int JobId, string State, int Rows, bool IsLive, DateTime? NotBefore, DateTime Now, long PlannedRefused, long Held,
    string? PauseReason, bool IsBeingCancelled = false, string? SetbackCode = null, DateTime? RetryAt = null,
    int? Pace = null, DateTime? NextTurn = null)
{
    /// <summary>Rows are on their way: from then on <c>notBefore</c> holds back the readers only.</summary>
    public bool IsReleased => State is "running" or "composing" or "handing_off";
}
