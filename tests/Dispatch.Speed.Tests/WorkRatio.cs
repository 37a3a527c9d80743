namespace Dispatch.Speed.Tests;

/// <summary>
/// How many times as long one piece of work takes as another. Both are done by turns in slices of a few milliseconds,
/// so that whatever slows the machine down meets both; the median of the turns leaves out those it met alone.
/// </summary>
static class WorkRatio
{
    const int Turns = 21;
    const int WarmUps = 10;
    static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    public static double Measure(Action work, Action baseline)
    {
        var (workCalls, baselineCalls) = (CallsOf(work), CallsOf(baseline));
        var ratios = new double[Turns];
        for (var turn = 0; turn < Turns; turn++)
        {
            var before = Time(baseline, baselineCalls) / baselineCalls;
            var between = Time(work, workCalls) / workCalls;
            ratios[turn] = between / before;
        }

        Array.Sort(ratios);
        return ratios[Turns / 2];
    }

    static int CallsOf(Action work)
    {
        Time(work, WarmUps);
        var call = TimeSpan.FromTicks(Math.Max(1, Time(work, WarmUps).Ticks / WarmUps));
        return (int)(Slice / call) + 1;
    }

    static TimeSpan Time(Action work, int calls)
    {
        var before = ThreadClock.Now;
        for (var i = 0; i < calls; i++)
        {
            work();
        }

        return ThreadClock.Now - before;
    }
}
