using System.Diagnostics;
using System.Globalization;

namespace Dispatch.LoadRun;

/// <summary>
/// How fast are letters composed, and how does that compare with what others use? The same two-page letter with the
/// same fonts and with data that differ in every letter, each engine in a process of its own writing one uncompressed
/// file. Engines take turns; processor time counts, because it is what the machine's other work disturbs least.
/// </summary>
static class LetterComparison
{
    const string Sample = "samples/tax-statement";
    const int ProofLetters = 1_000;

    static readonly string Peers = Path.Combine(AppContext.BaseDirectory, "Peers");

    sealed record Engine(string Name, int Letters, Func<string, string[]> Command);

    sealed record Run(int Pages, double WallSeconds, double CpuSeconds);

    public static void Compare(int runs)
    {
        var folder = Directory.CreateTempSubdirectory("dispatch-letters-").FullName;
        try
        {
            var engines = Engines(folder);
            var results = engines.Select(_ => new List<Run>()).ToArray();
            for (var run = 0; run < runs; run++)
            {
                for (var i = 0; i < engines.Length; i++)
                {
                    results[i].Add(
                        Measure(engines[i], Path.Combine(folder, $"{engines[i].Name}.pdf"), isChecked: run == 0));
                }
            }

            Print(engines, results);
            Prove(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Engine[] Engines(string folder)
    {
        var crest = Path.GetFullPath(Path.Combine(Sample, "assets", "crest.png"));
        var engines = new List<Engine> { new("dispatch", 100_000, output => Ours(output, 100_000)) };
        var table = Path.Combine(folder, "letters.tsv");
        const int TableLetters = 5_000;
        PeerInput.WriteTable(table, TableLetters);
        engines.Add(new(
            "ReportLab",
            TableLetters,
            output => ["/usr/bin/python3", Path.Combine(Peers, "reportlab_letters.py"), table, crest, output]));

        var objects = Path.Combine(folder, "letters.fo");
        const int ObjectsLetters = 1_000;
        PeerInput.WriteFormattingObjects(
            objects, File.ReadAllText(Path.Combine(Peers, "letter.fo")), crest, ObjectsLetters);
        engines.Add(new(
            "FOP",
            ObjectsLetters,
            output => ["fop", "-q", "-c", Path.Combine(Peers, "fop.xconf"), "-fo", objects, "-pdf", output]));
        return [.. engines];
    }

    static string[] Ours(string output, int letters) =>
        [MeasuredProcess.Self, "compose", Sample, output, letters.ToString(CultureInfo.InvariantCulture)];

    static Run Measure(Engine engine, string output, bool isChecked)
    {
        var started = Stopwatch.GetTimestamp();

        // The shell counts the processor time of what it ran, children of children included. FOP names every page it
        // makes.
        var log = output + ".log";
        var text = Execute(
            "bash", ["-c", "\"$@\" >\"$0\" 2>&1; status=$?; times; exit $status", log, .. engine.Command(output)]);
        var wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.Error.WriteLine($"{engine.Name}: {File.ReadLines(log).Last()}");
        var cpu = text.Trim().Split('\n')[^1].Split(' ').Sum(SecondsOf);
        if (isChecked)
        {
            Execute("qpdf", ["--check", output]);
        }

        return new(int.Parse(Execute("qpdf", ["--show-npages", output]), CultureInfo.InvariantCulture), wall, cpu);
    }

    static void Print(Engine[] engines, List<Run>[] results)
    {
        Console.WriteLine(
            "| engine | letters | pages | wall s | CPU s | pages per CPU second | of them dispatch makes |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var ours = Median(results[0], run => run.Pages / run.CpuSeconds);
        for (var i = 0; i < engines.Length; i++)
        {
            var rate = Median(results[i], run => run.Pages / run.CpuSeconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {engines[i].Name} | {engines[i].Letters} | {results[i][0].Pages}"
                    + $" | {Median(results[i], run => run.WallSeconds):0.0}"
                    + $" | {Median(results[i], run => run.CpuSeconds):0.0} | {rate:0} | {ours / rate:0.0} × |"));
        }
    }

    /// <summary>A shorter file of the same letters, outside the figures.</summary>
    static void Prove(string folder)
    {
        var file = Path.Combine(folder, "proof.pdf");
        var command = Ours(file, ProofLetters);
        Execute(command[0], command[1..]);
        string[] libraries =
        [
            "preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation",
            "jaxb-api",
        ];
        Console.WriteLine(Execute("qpdf", ["--check", file]).Trim().Split('\n')[^1]);
        Console.WriteLine(Execute(
            "java",
            [
                "-cp", string.Join(':', libraries.Select(library => $"/usr/share/java/{library}.jar")),
                "org.apache.pdfbox.preflight.Validator_A1b", file,
            ]).Trim().Split('\n')[^1]);
    }

    /// <param name="time">As the shell prints it, <c>1m2.345s</c>.</param>
    static double SecondsOf(string time)
    {
        var parts = time.TrimEnd('s').Split('m');
        return double.Parse(parts[0], CultureInfo.InvariantCulture) * 60 + double.Parse(
            parts[1], CultureInfo.InvariantCulture);
    }

    static double Median(List<Run> runs, Func<Run, double> value)
    {
        var sorted = runs.Select(value).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    static string Execute(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
