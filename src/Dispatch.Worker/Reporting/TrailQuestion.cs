using System.Globalization;
using Dispatch.Routing;

namespace Dispatch.Worker.Reporting;

/// <summary>Which part of the trail is asked for.</summary>
/// <param name="To">Not with it.</param>
/// <param name="Actor">Null for everybody.</param>
/// <param name="JobId">Null for all jobs, and for what concerns none.</param>
sealed record TrailQuestion(DateTimeOffset From, DateTimeOffset To, string? Actor, int? JobId)
{
    static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK",
    ];

    /// <param name="text"><c>2026-03-09</c> or <c>2026-03-09T06:00:00</c>, with or without a zone; without is
    /// UTC.</param>
    /// <exception cref="DispatchException"><c>time.invalid</c>, exit 2.</exception>
    public static DateTimeOffset ParseTime(string text) => DateTimeOffset.TryParseExact(
        text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time
        : throw new DispatchException(
            "time.invalid",
            "what was given as a time is none; "
            + "expected 2026-03-09 or 2026-03-09T06:00:00, in UTC unless a zone follows",
            ExitCode.Usage);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ssZ} to {To.UtcDateTime:yyyy-MM-dd'T'HH:mm:ssZ}")
        + (Actor is null ? "" : $", by {Actor}")
        + (JobId is null ? "" : $", job {JobId}");
}
