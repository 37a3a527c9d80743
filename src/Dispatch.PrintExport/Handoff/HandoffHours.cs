namespace Dispatch.PrintExport.Handoff;

/// <summary>When a print house takes no files, in local time (Europe/Copenhagen).</summary>
/// <param name="CutOff">From then until midnight; null = none.</param>
/// <param name="DownFrom">Every day from then; null = no downtime.</param>
/// <param name="DownTo">Until then, the next day when it is not later than <paramref name="DownFrom"/>.</param>
public readonly record struct HandoffHours(TimeOnly? CutOff, TimeOnly? DownFrom, TimeOnly? DownTo)
{
    // Cut-off, downtime, cut-off: more follow each other only where no hour is left.
    const int ClosuresMax = 4;

    /// <summary>Local time until which nothing may be handed off; null when it may be now.</summary>
    /// <param name="local">Now, in local time.</param>
    public DateTime? ClosedUntil(DateTime local)
    {
        var until = local;
        for (var closure = 0; closure < ClosuresMax && EndOfClosure(until) is { } end; closure++)
        {
            until = end;
        }

        return until == local ? null : until;
    }

    DateTime? EndOfClosure(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (time >= CutOff)
        {
            return local.Date.AddDays(1);
        }

        if (DownFrom is not { } from || DownTo is not { } to || from == to || !time.IsBetween(from, to))
        {
            return null;
        }

        return local.Date.AddDays(time < to ? 0 : 1) + to.ToTimeSpan();
    }
}
