using Dispatch.Routing.Register;

namespace Dispatch.Routing.Pipeline;

/// <summary>
/// Ages on one date, by birth day. A birthday is reached at 00:00 local time; whoever was born on 29 February has it on
/// 1 March in a year without that day.
/// </summary>
public sealed class AgeTable
{
    const int AgesMax = 127;

    // The latest birth day that has reached each age: ages ascend as these days go back.
    readonly int[] _latestBirthDays = new int[AgesMax + 1];

    public AgeTable(DateOnly date)
    {
        for (var age = 0; age <= AgesMax; age++)
        {
            var year = date.Year - age;
            // In a year without 29 February the birthday of those born on it comes on 1 March, so on 28 February they
            // are not counted yet: the latest day that counts is then 28 February of their year.
            var day = Math.Min(date.Day, DateTime.DaysInMonth(year, date.Month));
            _latestBirthDays[age] = new DateOnly(year, date.Month, day).DayNumber - BirthDay.EpochDayNumber;
        }
    }

    /// <summary>Whole years; 0 also for a birth day that lies ahead.</summary>
    /// <param name="birthDay">Days as in <see cref="BirthDay"/>.</param>
    public int AgeOf(int birthDay)
    {
        var low = 0;
        var high = AgesMax;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (birthDay <= _latestBirthDays[middle])
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
