using System.Globalization;

namespace Dispatch.LoadRun.Limits;

/// <summary>
/// What are the machine's own limits for the stages of a send of so many letters, and how long would it take at each of
/// them? One run, the embedded server as a send has it; each figure is the best of the rounds, for a limit is what the
/// machine can do at best.
/// </summary>
static class MachineLimits
{
    public const int Rounds = 3;

    /// <summary>Of the tax statement: a row of the list, and the values of a letter, sealed.</summary>
    public const int ListRowBytes = 148;
    public const int SealedBytes = 166;

    /// <summary>Rows that commit at once, as in a send.</summary>
    public const int ChunkRows = 16_384;

    const double Mega = 1e6;

    public static async Task MeasureAsync(int letters)
    {
        using var folder = new LoadFolder();
        var limits = new List<MachineLimit>(MemoryLimits.Measure(letters));
        limits.AddRange(SealingLimits.Measure(letters));
        limits.AddRange(await CopyLimits.MeasureAsync(folder.Data, letters));
        limits.AddRange(DiskLimits.Measure(folder.Inside("written"), letters));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{letters} letters, best of {Rounds} rounds; {Environment.ProcessorCount} processors, "
                + $"{Environment.Version}\n"));
        Console.WriteLine(
            "| stage | what the machine does | at best, a second | a send's share | seconds at least |\n"
                + "|---|---|---|---|---|");
        foreach (var limit in limits)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {limit.Stage} | {limit.Work} | {Text(limit.PerSecond)} {limit.Unit} | {Text(limit.Amount)} | "
                    + $"{limit.SecondsAtLeast:0.00} |"));
        }
    }

    /// <summary>Units a second, the best of all rounds.</summary>
    public static double Best(double units, Func<TimeSpan> round) =>
        Enumerable.Range(0, Rounds).Max(_ => units / round().TotalSeconds);

    static string Text(double number) =>
        number.ToString(number < 10 ? "0.0" : number < Mega ? "0" : "0,,.0 M", CultureInfo.InvariantCulture);
}
