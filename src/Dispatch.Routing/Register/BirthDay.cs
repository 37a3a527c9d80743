namespace Dispatch.Routing.Register;

/// <summary>Dates of birth as days since 1 January 1858, the first day a CPR number can mean: two bytes until 2037-06-05.
/// </summary>
public static class BirthDay
{
    /// <summary>Day number of 1 January 1858, as <see cref="DateOnly.DayNumber"/> counts.</summary>
    public static readonly int EpochDayNumber = new DateOnly(1858, 1, 1).DayNumber;

    /// <summary>Days since 1 January 1858; dates outside the two bytes are moved to their nearest end.</summary>
    public static ushort From(DateOnly date) => (ushort)Math.Clamp(date.DayNumber - EpochDayNumber, 0, ushort.MaxValue);

    public static DateOnly ToDate(int birthDay) => DateOnly.FromDayNumber(EpochDayNumber + birthDay);
}
