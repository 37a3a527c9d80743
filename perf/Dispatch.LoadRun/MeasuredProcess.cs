using System.Diagnostics;
using System.Globalization;

namespace Dispatch.LoadRun;

/// <summary>One run of a program: its output, wall time, peak resident memory (the kernel's own mark) and processor
/// time.
/// </summary>
sealed record MeasuredProcess(string Output, double Seconds, long PeakBytes, double ProcessorSeconds)
{
    /// <summary>This program, to be run as one more process; also where <c>dotnet</c> runs it as a library.</summary>
    public static readonly string Self = Path.Combine(AppContext.BaseDirectory, "Dispatch.LoadRun");

    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public static MeasuredProcess Run(string program, IReadOnlyList<string> arguments)
    {
        const int DoneWithExceptions = 3;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var (peak, processor) = (0L, TimeSpan.Zero);
        while (!process.WaitForExit(Period))
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            processor = ProcessorTimeOf(process) ?? processor;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var text = output.GetAwaiter().GetResult();
        return process.ExitCode is 0 or DoneWithExceptions
            ? new(text, seconds, peak, processor.TotalSeconds)
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    static TimeSpan? ProcessorTimeOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return null; // it ended since
        }
    }

    // VmHWM never falls, so the last reading before the end misses at most one period.
    static long PeakOf(int processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(
                text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line == null ? 0 : 1024 * long.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
