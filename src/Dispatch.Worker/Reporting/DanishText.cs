using System.Globalization;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// Numbers and times as Danish readers write them, 4.700.000 and 94,0 %, whatever culture data the machine has.
/// </summary>
static class DanishText
{
    static readonly NumberFormatInfo Format = new()
    {
        NumberGroupSeparator = ".",
        NumberDecimalSeparator = ",",
        NumberGroupSizes = [3],
    };

    static readonly TimeZoneInfo Copenhagen = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    public static string Count(long count) => count.ToString("N0", Format);

    /// <summary>A share that is not nought never reads 0, and one that is not whole never reads 100.</summary>
    public static string Share(long part, long whole)
    {
        if (part == 0 || whole == 0)
        {
            return "0 %";
        }

        var percent = 100.0 * part / whole;
        return percent switch
        {
            < 0.01 => "< 0,01 %",
            > 99.99 when part < whole => "> 99,99 %",
            < 1 or (> 99 and < 100) => percent.ToString("N2", Format) + " %",
            _ => percent.ToString("N1", Format) + " %",
        };
    }

    public static string Seconds(double seconds) => seconds switch
    {
        >= 3600 => $"{(int)seconds / 3600} h {(int)seconds % 3600 / 60} min",
        >= 120 => $"{(int)seconds / 60} min {(int)seconds % 60} s",
        < 10 => seconds.ToString("N2", Format) + " s",
        _ => seconds.ToString("N1", Format) + " s",
    };

    public static string Moment(DateTime utc) =>
        TimeZoneInfo.ConvertTimeFromUtc(utc, Copenhagen).ToString("dd-MM-yyyy HH:mm", CultureInfo.InvariantCulture);

    public static string Date(DateOnly date) => date.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);
}
