using System.Globalization;

namespace Dispatch.Worker.Tests.Register;

/// <summary>Made-up people: their numbers fail modulus 11 and none is born on 1 January, so no real person has them.
/// </summary>
static class SomePeople
{
    static readonly int[] Weights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

    /// <summary>A number of its own for every index from 0 to about ten million, born 1940 to 1999.</summary>
    public static string Cpr(int index)
    {
        var date = index % (27 * 12 * 60);
        var (day, month, year) = (2 + date % 27, 1 + date / 27 % 12, 40 + date / (27 * 12));
        var serial = index / (27 * 12 * 60) * 2;
        var number = Text(day, month, year, serial);
        return IsReal(number) ? Text(day, month, year, serial + 1) : number;
    }

    public static uint Number(int index) => uint.Parse(Cpr(index), CultureInfo.InvariantCulture);

    static string Text(int day, int month, int year, int serial) =>
        string.Create(CultureInfo.InvariantCulture, $"{day:00}{month:00}{year:00}{serial:0000}");

    static bool IsReal(string cpr) => cpr.Zip(Weights, (digit, weight) => (digit - '0') * weight).Sum() % 11 == 0;
}
