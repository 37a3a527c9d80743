namespace Dispatch.PrintExport.Receipts;

/// <summary>
/// Danish working days: Monday to Friday, but for public holidays (Helligdagsloven; Store Bededag was one until 2023)
/// and, as print houses and carriers keep them, Constitution Day (5 June) and Christmas Eve. New Year's Eve counts as a
/// working day. A day too many would only let an alarm come a day later.
/// </summary>
public static class WorkingDays
{
    const int LastYearOfGreatPrayerDay = 2023;

    public static bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    /// <summary>The working day that is <paramref name="days"/> after <paramref name="from"/>, which itself is not
    /// counted.
    /// </summary>
    /// <param name="days">0 or more.</param>
    public static DateOnly Add(DateOnly from, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        var day = from;
        for (var left = days; left > 0;)
        {
            day = day.AddDays(1);
            left -= IsWorkingDay(day) ? 1 : 0;
        }

        return day;
    }

    static bool IsHoliday(DateOnly day)
    {
        var sinceEaster = day.DayNumber - EasterSunday(day.Year).DayNumber;
        return (day.Month, day.Day) is (1, 1) or (6, 5) or (12, 24) or (12, 25) or (12, 26)

            // Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday.
            || sinceEaster is -3 or -2 or 0 or 1 or 39 or 49 or 50
            || (sinceEaster == 26 && day.Year <= LastYearOfGreatPrayerDay);
    }

    // The Gregorian computus in the form of Meeus, Jones and Butcher.
    static DateOnly EasterSunday(int year)
    {
        var moon = year % 19;
        var (century, ofCentury) = (year / 100, year % 100);
        var correction = (century - ((century + 8) / 25) + 1) / 3;
        var epact = ((19 * moon) + century - (century / 4) - correction + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (ofCentury / 4)) - epact - (ofCentury % 4)) % 7;
        var late = (moon + (11 * epact) + (22 * weekday)) / 451;
        var day = epact + weekday - (7 * late) + 114;
        return new DateOnly(year, day / 31, (day % 31) + 1);
    }
}
