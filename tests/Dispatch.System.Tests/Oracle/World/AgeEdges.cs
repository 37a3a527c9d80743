namespace Dispatch.System.Tests.Oracle.World;

/// <summary>Birth dates on both sides of every line the rules draw, seen from one day.</summary>
static class AgeEdges
{
    public static DateOnly Adult { get; } = new(1971, 5, 17);

    public static DateOnly Child { get; } = new(2019, 9, 3);

    /// <summary>Fifteen today.</summary>
    public static DateOnly BirthdayToday(DateOnly today) => NotNewYear(SameDay(today, today.Year - 15));

    /// <summary>Fifteen tomorrow.</summary>
    public static DateOnly BirthdayTomorrow(DateOnly today) =>
        NotNewYear(SameDay(today.AddDays(1), today.AddDays(1).Year - 15));

    /// <summary>One of each date that only needs a single person.</summary>
    public static IEnumerable<DateOnly> Single(DateOnly today) =>
        new DateOnly[]
        {
            new(2012, 2, 29), new(2008, 2, 29), new(1996, 2, 29), new(2012, 3, 1), new(2012, 2, 28), new(2011, 3, 1),
            new(1858, 6, 15), new(1899, 12, 31), new(1900, 6, 15), new(1936, 12, 31), new(1937, 6, 15),
            new(1999, 12, 31), new(2000, 1, 2), today, today.AddDays(-1), LastSunday(today.Year - 15, 3),
            LastSunday(today.Year - 15, 10), SameDay(today, today.Year - 14), SameDay(today, today.Year - 16),
        }.Select(NotNewYear);

    /// <summary>The clock changes on the last Sunday of March and of October.</summary>
    static DateOnly LastSunday(int year, int month)
    {
        var last = new DateOnly(year, month, 31);
        return last.AddDays(-(int)last.DayOfWeek);
    }

    static DateOnly SameDay(DateOnly day, int year) =>
        new(year, day.Month, Math.Min(day.Day, DateTime.DaysInMonth(year, day.Month)));

    static DateOnly NotNewYear(DateOnly day) => day is { Month: 1, Day: 1 } ? day.AddDays(1) : day;
}
