using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Dispatch.LoadRun;

/// <summary>
/// How long after <c>kill -9</c> does a repeated <c>dispatch run</c> commit its next rows? Killed again and again in
/// one send, whenever new rows had been decided; the clock stands still for nothing: start of the program, recovery of
/// the database's sessions and the register's way into memory are in it.
/// </summary>
static class KilledSend
{
    const int Kills = 5;

    // A look is a process of its own, about half a second on two busy cores: what is measured is late by up to that.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string Measure(string program, int people)
    {
        using var folder = new LoadFolder();
        folder.Generate(program, people);
        folder.Import(program);
        string[] common = folder.Common;
        string[] run = [.. common, "run", folder.Job];
        KillAfterRows(program, run, common, decided: 0);
        var seconds = Enumerable.Range(0, Kills)
            .Select(_ => KillAfterRows(program, run, common, Decided(program, common)).TotalSeconds)
            .Select(time => time.ToString("0.0", CultureInfo.InvariantCulture))
            .ToList();
        return $"seconds from the command to new rows, after each of {Kills} kills: {string.Join(", ", seconds)}";
    }

    static TimeSpan KillAfterRows(string program, string[] run, string[] common, long decided)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, run) { RedirectStandardOutput = true })!;
        while (Decided(program, common) <= decided)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException("the send ended, or stood still, before it could be killed");
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Kill();
        process.WaitForExit();
        return elapsed;
    }

    static long Decided(string program, string[] common)
    {
        using var jobs = JsonDocument.Parse(MeasuredProcess.Run(program, [.. common, "status", "--json"]).Output);
        return jobs.RootElement.EnumerateArray().Sum(job => job.GetProperty("decided").GetInt64());
    }
}
