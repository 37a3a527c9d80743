using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dispatch.Worker.Security;

namespace Dispatch.LoadRun;

/// <summary>
/// What does sealing cost a whole send? The program cannot send unsealed, so it is not asked to: a send is measured,
/// and then all the sealing that send did, by the program's own code, on one thread of this process. Whatever ran
/// beside something else in the send counts as if it had been waited for, so that the share is the most sealing can
/// have cost.
/// </summary>
static class SealingCost
{
    const int ChunkRows = 16_384;
    const int Rounds = 3;

    public static string Measure(string program, int people)
    {
        using var folder = new LoadFolder();
        folder.Generate(program, people);
        folder.Import(program);
        var run = folder.Run(program, "run", folder.Job, "--json");
        using var report = JsonDocument.Parse(run.Output);
        var rows = report.RootElement.GetProperty("rows").GetInt32();
        var paper = report.RootElement.GetProperty("paper").GetInt32();
        return Told(run, rows, paper, new FileInfo(Path.Combine(folder.Job, "recipients.csv")).Length);
    }

    static string Told(MeasuredProcess run, int rows, int paper, long listBytes)
    {
        using var key = KeyEncryptionKey.Parse(KeyEncryptionKey.NewText())!.CreateJobKey();
        var rowBytes = (int)(listBytes / rows);
        SealAll(key, ChunkRows, ChunkRows / 10, rowBytes); // compiled, and the processor awake
        var seconds = Enumerable.Range(0, Rounds).Select(
            _ => SealAll(key, rows, paper, rowBytes)).Order().ElementAt(Rounds / 2);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| rows | paper | run s | worker's processor s | sealing s | ns a row"
                + $" | of the run without, at most | of its processor time |\n"
                + $"|---|---|---|---|---|---|---|---|\n"
                + $"| {rows} | {paper} | {run.Seconds:0.0} | {run.ProcessorSeconds:0.0} | {seconds:0.00}"
                + $" | {seconds / rows * 1e9:0} | {Share(run.Seconds)} | {Share(run.ProcessorSeconds)} |");

        string Share(double whole) => (seconds / (whole - seconds)).ToString("0.0 %", CultureInfo.InvariantCulture);
    }

    // Each value counts as long as its whole row of the list, which is more than it is. The list is sealed once and
    // opened twice, by the planning pass and by routing; a letter is sealed, a piece opened again to be composed.
    static double SealAll(JobKey key, int rows, int paper, int rowBytes)
    {
        var plain = new byte[rowBytes];
        var sealedRow = new byte[rowBytes + LetterSeal.TagBytes];
        var list = new byte[ChunkRows * rowBytes];
        var sealedList = new byte[list.Length + LetterSeal.TagBytes];
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < rows; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, rows - first);
            var text = list.AsSpan(0, count * rowBytes);
            var sealedText = sealedList.AsSpan(0, text.Length + LetterSeal.TagBytes);
            key.SealListChunk(first / ChunkRows, text, sealedText);
            key.OpenListChunk(first / ChunkRows, sealedText, text);
            key.OpenListChunk(first / ChunkRows, sealedText, text);
            using var seal = key.ForChunk(JobKey.NewSalt());
            for (var i = 0; i < count; i++)
            {
                var isPiece = (long)(first + i) * paper / rows != (first + i + 1L) * paper / rows;
                var purpose = isPiece ? SealPurpose.Piece : SealPurpose.Letter;
                seal.Seal(1, first + i, first + i, 1, purpose, plain, sealedRow);
                if (isPiece)
                {
                    seal.Open(1, first + i, first + i, 1, purpose, sealedRow, plain);
                }
            }
        }

        return watch.Elapsed.TotalSeconds;
    }
}
