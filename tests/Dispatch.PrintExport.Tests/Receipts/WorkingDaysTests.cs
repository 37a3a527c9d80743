using System.Globalization;
using Dispatch.PrintExport.Receipts;

namespace Dispatch.PrintExport.Tests.Receipts;

public sealed class WorkingDaysTests
{
    // Easter Sundays as the calendar prints them.
    [Theory]
    [InlineData("1961-04-02")]
    [InlineData("2000-04-23")]
    [InlineData("2008-03-23")]
    [InlineData("2011-04-24")]
    [InlineData("2023-04-09")]
    [InlineData("2024-03-31")]
    [InlineData("2025-04-20")]
    [InlineData("2026-04-05")]
    [InlineData("2027-03-28")]
    [InlineData("2030-04-21")]
    [InlineData("2038-04-25")]
    public void IsWorkingDay_DaysAroundEaster_AreHolidays(string easterSunday)
    {
        var easter = Day(easterSunday);

        Assert.Equal(DayOfWeek.Sunday, easter.DayOfWeek);
        Assert.All(
            [-3, -2, 0, 1, 39, 49, 50],
            days => Assert.False(WorkingDays.IsWorkingDay(easter.AddDays(days)), $"{days}"));
        Assert.All(
            [-6, -5, -4, 2, 3, 4, 5], days => Assert.True(WorkingDays.IsWorkingDay(easter.AddDays(days)), $"{days}"));
    }

    [Theory]
    [InlineData("2022-05-13", false)]
    [InlineData("2023-05-05", false)]
    [InlineData("2024-04-26", true)]
    [InlineData("2025-05-16", true)]
    [InlineData("2026-05-01", true)]
    public void IsWorkingDay_GreatPrayerDay_IsOneSince2024(string day, bool isWorkingDay) =>
        Assert.Equal(isWorkingDay, WorkingDays.IsWorkingDay(Day(day)));

    [Theory]
    [InlineData("2026-01-01", false)]
    [InlineData("2026-06-05", false)]
    [InlineData("2026-12-24", false)]
    [InlineData("2026-12-25", false)]
    [InlineData("2028-12-26", false)]
    [InlineData("2026-12-31", true)]
    [InlineData("2026-11-21", false)]
    [InlineData("2026-11-22", false)]
    [InlineData("2026-11-23", true)]
    public void IsWorkingDay_FixedDaysAndWeekends(string day, bool isWorkingDay) =>
        Assert.Equal(isWorkingDay, WorkingDays.IsWorkingDay(Day(day)));

    [Theory]
    [InlineData("2026-03-09", 2, "2026-03-11")]
    [InlineData("2026-03-12", 2, "2026-03-16")]
    [InlineData("2026-03-13", 2, "2026-03-17")]
    [InlineData("2026-03-14", 2, "2026-03-17")]
    [InlineData("2026-04-01", 2, "2026-04-08")]
    [InlineData("2025-04-16", 2, "2025-04-23")]
    [InlineData("2025-12-23", 2, "2025-12-30")]
    [InlineData("2026-12-23", 2, "2026-12-29")]
    [InlineData("2026-12-31", 1, "2027-01-04")]
    [InlineData("2023-05-04", 1, "2023-05-08")]
    [InlineData("2024-04-25", 1, "2024-04-26")]
    [InlineData("2026-06-04", 2, "2026-06-09")]
    [InlineData("2026-03-14", 0, "2026-03-14")]
    public void Add_WorkingDays_SkipsTheOthers(string from, int days, string expected) =>
        Assert.Equal(Day(expected), WorkingDays.Add(Day(from), days));

    [Fact]
    public void IsWorkingDay_AYear_HasAsManyAsTheCalendar()
    {
        // 2026: 261 days from Monday to Friday, less 1 January, 2 and 3 and 6 April, 14 and 25 May, 5 June, 24 and 25
        // December.
        var days = Enumerable.Range(0, 365).Select(new DateOnly(2026, 1, 1).AddDays);

        Assert.Equal(252, days.Count(WorkingDays.IsWorkingDay));
    }

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
