using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.PrintHouse;

namespace Dispatch.System.Tests.Faults;

/// <summary>What became of the rows, held against an oracle that never saw the product's tables: the effects there are,
/// and the marks on the printed pages.</summary>
/// <param name="Lost">Rows without an effect, paper rows without a page.</param>
/// <param name="Dup">Rows with two.</param>
/// <param name="Unexpected">Other effects than the rules give, pages that nobody asked for.</param>
/// <param name="Stuck">Rows not final though everything was healed.</param>
/// <param name="Recovered">Chunks whose commit was in doubt, and which are there once.</param>
sealed record FaultCount(int Lost, int Dup, int Unexpected, int Stuck, int Recovered)
{
    const int MarkerLength = 14;

    public bool IsClean => (Lost, Dup, Unexpected, Stuck) == (0, 0, 0, 0);

    public static async Task<FaultCount> OfAsync(FaultRun run, bool hasEnded)
    {
        var expected = run.Expected;
        var byRow = (await EffectTable.ReadAsync(run.Site, run.Key)).ToLookup(f => f.Row, f => f.Verdict);
        var rows = Enumerable.Range(1, expected.Length).ToList();
        var lost = rows.Count(row => !byRow[row].Any());
        var dup = rows.Count(row => byRow[row].Count() > 1);
        var unexpected = byRow.Count(row => row.Key < 1 || row.Key > expected.Length)
            + rows.Count(row => byRow[row].Any(verdict => verdict != expected[row - 1]));
        var stuck = hasEnded ? 0 : Math.Max(lost, 1);
        var paper = await PaperAsync(run);
        return new(
            hasEnded ? lost + paper.Lost : 0, dup + paper.Dup, unexpected + paper.Unexpected, stuck,
            run.Line.State.InDoubt);
    }

    static async Task<(int Lost, int Dup, int Unexpected)> PaperAsync(FaultRun run)
    {
        var (list, expected) = (run.World.List, run.Expected);
        var wanted = Enumerable.Range(0, expected.Length).Where(i => expected[i].Effect == "paper")
            .Select(i => list.Value(list.Rows[i], "marker")).ToHashSet();
        var pages = new List<string>();
        foreach (var batch in PrintBatch.Find(run.Site.Outbox, run.World.Order))
        {
            await SimulatedPrintHouse.CheckAsync(batch);
            pages.AddRange(await PdfText.PagesAsync(batch.Pdf));
        }

        var found = pages.SelectMany(Markers).ToList();
        var once = found.ToHashSet();
        return (wanted.Count(m => !once.Contains(m)), found.Count - once.Count, once.Count(m => !wanted.Contains(m)));
    }

    static IEnumerable<string> Markers(string text)
    {
        for (var at = 0;
            (at = text.IndexOf(WorldList.MarkerStart, at, StringComparison.Ordinal)) >= 0;
            at += MarkerLength)
        {
            yield return text.Substring(at, MarkerLength);
        }
    }
}
