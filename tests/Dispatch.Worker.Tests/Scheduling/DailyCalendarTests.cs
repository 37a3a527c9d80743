using System.Globalization;
using Dispatch.Worker.Scheduling;

namespace Dispatch.Worker.Tests.Scheduling;

/// <summary>One run a local date, on the nights the clocks are changed as on any other.</summary>
public sealed class DailyCalendarTests
{
    const string At = "01:30";

    public static readonly TheoryData<int> Years = [.. Enumerable.Range(2024, 10)];

    [Theory]
    [InlineData("2026-11-22T00:29:59Z", "2026-11-21")]
    [InlineData("2026-11-22T00:30:00Z", "2026-11-22")]
    [InlineData("2026-11-22T22:59:59Z", "2026-11-22")]
    [InlineData("2026-11-22T23:00:00Z", "2026-11-22")]
    [InlineData("2026-06-30T23:30:00Z", "2026-07-01")] // summer time
    [InlineData("2028-02-29T00:30:00Z", "2028-02-29")]
    [InlineData("2026-12-31T23:30:00Z", "2026-12-31")]
    [InlineData("2027-01-01T00:30:00Z", "2027-01-01")]
    public void DueDate_Moment_IsTheNewestDateWhoseTimeCame(string now, string expected) =>
        Assert.Equal(expected, DueDate(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), At));

    // Twenty nights: ten in March, ten in October, minute by minute, on a worker that was away for some of them.
    [Theory]
    [MemberData(nameof(Years))]
    public void DueDate_ClocksAreChanged_OneRunForEachDate(int year)
    {
        foreach (var at in new[] { "00:00", At, "03:00", "03:30", "23:59" })
        {
            foreach (var month in new[] { 3, 10 })
            {
                var change = new DateTimeOffset(LastSunday(year, month).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
                var runs = new List<string>();
                for (var now = change.AddDays(-2); now < change.AddDays(2); now = now.AddMinutes(1))
                {
                    var due = DueDate(now, at);
                    if (runs.Count == 0 || runs[^1] != due)
                    {
                        runs.Add(due);
                    }
                }

                Assert.Equal(runs.Distinct().Order(StringComparer.Ordinal), runs);
                Assert.InRange(runs.Count, 4, 6);
                Assert.Contains(change.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), runs);
            }
        }
    }

    static string DueDate(DateTimeOffset now, string at) =>
        DailyCalendar.DueDate(now, at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateOnly LastSunday(int year, int month)
    {
        var last = new DateOnly(year, month, 31);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
