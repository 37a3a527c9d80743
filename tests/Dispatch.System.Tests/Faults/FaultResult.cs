using System.Globalization;

namespace Dispatch.System.Tests.Faults;

/// <summary>What came of one trial.</summary>
sealed record FaultResult(FaultCase Case, int Seed, FaultCount Count, string Seen, TimeSpan Elapsed)
{
    /// <summary>A line of the table of results.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Case.Id} | {Case.Name} | {Seed} | {Count.Lost} | {Count.Dup} | {Count.Unexpected} | {Count.Stuck} "
        + $"| {Count.Recovered} | {Seen} | {Elapsed.TotalSeconds:0} |");

    /// <summary>Adds the line to the file that DISPATCH_FAULT_RESULTS names, if it names one.</summary>
    public void Write()
    {
        if (Environment.GetEnvironmentVariable("DISPATCH_FAULT_RESULTS") is { Length: > 0 } file)
        {
            File.AppendAllText(file, $"{this}\n");
        }
    }
}
