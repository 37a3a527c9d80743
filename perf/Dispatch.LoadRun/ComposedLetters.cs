using System.Globalization;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Marks;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;

namespace Dispatch.LoadRun;

/// <summary>
/// Our own side of the comparison, in a process of its own: the sample letter, one file, sheet marks drawn.
/// </summary>
static class ComposedLetters
{
    const string BatchName = "20260309-19552101-2026-aarsopgoerelse-dk-economy-c5-left-duplex-mono-s8-0001-0a1b2c3d";

    const int BlockLetters = 1_000;

    /// <summary>
    /// Writes a file of this many letters; prints its pages, the processor seconds of composing alone (without start-up
    /// and without making data up), and the peak of resident memory.
    /// </summary>
    public static void Write(string sample, string path, int letters)
    {
        var envelope = EnvelopeProfile.Find("C5-left");
        var template = LetterTemplate.Parse(
            File.ReadAllText(Path.Combine(sample, "letter.md")),
            "letter.md",
            new Dictionary<string, byte[]>
            {
                ["crest.png"] = File.ReadAllBytes(Path.Combine(sample, "assets", "crest.png")),
            });
        var layout = LetterLayout.Create(
            template,
            new(
                "Skattestyrelsen", ["Skattestyrelsen", "Sluseholmen 8B", "2450 København SV"], "Årsopgørelse for 2025",
                new DateOnly(2026, 3, 9), envelope, IsDuplex: true, IsColour: false),
            FontSet.Load(new FontSettings()));
        var columns = template.Columns.Select(column => column.Name).ToArray();
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var writer = new LetterFileWriter(
            file, layout, BatchName, new SheetMarks(SheetMarkKind.DataMatrix, envelope, BatchName));
        var (pages, seconds) = (0, 0.0);
        var values = new LetterValues(columns.Length);
        for (var first = 1; first <= letters; first += BlockLetters)
        {
            var block = Enumerable.Range(first, Math.Min(BlockLetters, letters - first + 1)).Select(Encoded).ToList();
            var before = Environment.CpuUsage.TotalTime;
            foreach (var letter in block)
            {
                values.Load(letter);
                pages += writer.Append(values).Pages;
            }

            seconds += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }

        writer.Finish();
        var peak = File.ReadLines("/proc/self/status").First(
            line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pages} pages composed in {seconds:0.00} processor seconds, {pages / seconds:0} a second; "
                + $"peak memory {peak[6..].Trim()}"));

        byte[] Encoded(int number)
        {
            var data = StatementData.Of(number);
            return LetterValues.Encode("", [.. columns.Select(data.ValueOf)], data.Name, data.Address);
        }
    }

    /// <summary>
    /// What is done to a finished file before its ticket is written: every page is found by the page tree.
    /// </summary>
    public static void ReadBack(string path)
    {
        var started = Environment.CpuUsage.TotalTime;
        using var file = new PrintFileReader(path);
        var pages = file.ReadPieces().Count();
        var seconds = (Environment.CpuUsage.TotalTime - started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pages} pages read back in {seconds:0.00} processor seconds, "
                + $"{seconds / pages * 1_000_000:0.0} µs a page"));
    }
}
