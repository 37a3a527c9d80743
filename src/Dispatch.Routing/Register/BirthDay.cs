namespace Dispatch.Routing.Register;

/// <summary>
/// Dates of birth as days since 1 January 1900, in two bytes: good until 6 June 2079. Whoever was born earlier counts
/// as born on that day: no rule tells ages over 100 apart.
/// </summary>
public static class BirthDay
{
    /// <summary>Day number of 1 January 1900, as <see cref="DateOnly.DayNumber"/> counts.</summary>
    public static readonly int EpochDayNumber = new DateOnly(1900, 1, 1).DayNumber;

    /// <summary>Days since 1 January 1900, moved to the nearest end outside the two bytes.</summary>
    public static ushort From(DateOnly date) => (ushort)Math.Clamp(date.DayNumber - EpochDayNumber, 0, ushort.MaxValue);

    public static DateOnly ToDate(int birthDay) => DateOnly.FromDayNumber(EpochDayNumber + birthDay);
}
