using System.Text;
using Dispatch.Benchmarks.Work;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Security;

namespace Dispatch.Speed.Tests;

/// <summary>
/// No part of a send takes memory for a row on its way to the database, whatever it takes for a block. Counted exactly,
/// so that no noise reaches it: a block of twice the rows takes no more, but for what is told beside it.
/// </summary>
public sealed class AllocationTests : IDisposable
{
    const int People = 8_000;
    const int Half = TaxList.Rows / 2;

    // 1,036: the address set line by line from the register's texts. A copy of the letter's values would be seen.
    const int PaperRowBytesMax = 1_100;

    static readonly PostalParty Home = new(
        "Åse Ærøe", "", "Lærkevej 9C, 1. tv", "", "5970", "Ærøskøbing", "", "", 1, IsCompany: false, IsUnder15: false);

    static readonly TaxList List = new(People);

    readonly JobKey _key = KeyEncryptionKey.Parse(KeyEncryptionKey.NewText())!.CreateJobKey();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void FindRecords_MoreRows_TakeNoMemory() => AssertNothingARow(rows =>
    {
        var scanner = new RecordScanner(';');
        var text = TextOf(rows);
        var start = 0;
        while (scanner.Next(text, start, true, out var end) == RecordScanner.Step.Record)
        {
            start = end;
        }
    });

    [Fact]
    public void Decode_MoreRows_TakeNoMemory()
    {
        var utf8 = new byte[List.Text.Length];
        AssertNothingARow(rows => new Utf8Decoder().TryDecode(TextOf(rows), true, utf8, out _, out _));
    }

    /// <summary>Read, decided, name added, sealed, encoded: all that happens to a digital letter.</summary>
    [Theory]
    [InlineData("digital", "")]
    [InlineData("measured", "")]
    [InlineData("refused", "9999999999")]
    [InlineData("unknown", "0202801003")]
    public void Route_MoreRows_TakeNoMemory(string kind, string recipient)
    {
        // What may not fit is measured: a letter is sure of nothing then.
        var job = kind == "measured"
            ? List.Routing with { Columns = List.Routing.Columns with { Letter = Unsure(List.Routing.Columns) } }
            : List.Routing;
        var router = RouterOf(job);
        var texts = new Dictionary<int, byte[]> { [Half] = Text(Half), [2 * Half] = Text(2 * Half) };
        AssertNothingARow(rows =>
        {
            using var text = ChunkText.Of(texts[rows]);

            // Room for the most rows, so that growing is not counted.
            using var effects = new EffectBuffers(1, 1, 1, 4 * Half, new byte[JobKey.SaltBytes], _key);
            Assert.Equal(rows, Route(router, rows, text, effects));
            Assert.Equal(rows, recipient == "" ? effects.Letters.Rows : effects.Refused.Rows);
        });

        byte[] Text(int rows) => recipient == "" ? TextOf(rows).ToArray() : WithRecipient(rows, recipient);
    }

    /// <summary>What its address takes, and nothing for sealing, measuring and encoding.</summary>
    [Fact]
    public void Route_MorePaperRows_TakeMemoryForTheirAddressesOnly()
    {
        var job = List.Routing with { Policy = List.Routing.Policy with { Wish = ChannelWish.PaperOnly } };
        var homes = Task.FromResult<Dictionary<int, PostalParty>?>(
            Enumerable.Range(1, People).ToDictionary(person => person, _ => Home));
        var router = new ChunkRouter(job, List.Register, (_, _, _) => homes, measuresAll: true);
        var more = MoreFor(rows =>
        {
            using var text = ChunkText.Of(TextOf(rows));
            using var effects = new EffectBuffers(1, 1, 1, 4 * Half, new byte[JobKey.SaltBytes], _key);
            Assert.Equal(rows, Route(router, rows, text, effects));
            Assert.Equal(rows, effects.Pieces.Rows);
        });

        Assert.InRange(more / Half, 1, PaperRowBytesMax);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plan_MoreRows_TakeNoMemory(bool measuresAll)
    {
        var router = RouterOf(List.Routing, measuresAll);
        var people = new RepeatedPeople(List.Register.Count);
        AssertNothingARow(rows =>
        {
            using var text = ChunkText.Of(TextOf(rows));
            var sink = new PlanningSink(people, List.Routing.Paper);
            Assert.Equal(rows, Route(router, rows, text, sink));
            Assert.Equal(rows, sink.Counts.Rows);
        });
    }

    [Fact]
    public void FindRecipient_MoreRows_TakeNoMemory()
    {
        var job = List.Routing;
        var router = new RowRouter(job.Columns, job.Policy, List.Register, job.ReleaseDate);
        AssertNothingARow(rows =>
        {
            using var text = ChunkText.Of(TextOf(rows));
            using var reader = text.Read(job.Separator);
            while (reader.Read())
            {
                Assert.True(router.FindRecipient(new CsvRowView(reader)) >= 0);
            }
        });
    }

    [Fact]
    public void Open_MoreRows_TakeNoMemory()
    {
        var sealedTexts = new Dictionary<int, byte[]>();
        foreach (var rows in new[] { Half, 2 * Half })
        {
            sealedTexts[rows] = new byte[TextOf(rows).Length + LetterSeal.TagBytes];
            _key.SealListChunk(0, TextOf(rows), sealedTexts[rows]);
        }

        AssertNothingARow(rows => ChunkText.Open(_key, 0, sealedTexts[rows]).Dispose());
    }

    static int Route(ChunkRouter router, int rows, ChunkText text, IEffectSink sink)
    {
        // Nobody waits: only who gets paper is looked up.
        var routing = router.RouteAsync(new(new(0, 1, rows, 0, 0), [], 0), text, sink, CancellationToken.None);
        Assert.True(routing.IsCompletedSuccessfully);
        return routing.GetAwaiter().GetResult();
    }

    static ChunkRouter RouterOf(JobRouting job, bool measuresAll = true) => new(
        job, List.Register, (_, _, _) => Task.FromResult<Dictionary<int, PostalParty>?>([]), measuresAll);

    static LetterColumn[] Unsure(ListColumns columns) =>
        [.. columns.Letter.Select(column => column with { PlainBytesMax = 0 })];

    static ReadOnlySpan<byte> TextOf(int rows)
    {
        var end = 0;
        for (var row = 0; row < rows; row++)
        {
            end += List.Text.AsSpan(end).IndexOf((byte)'\n') + 1;
        }

        return List.Text.AsSpan(0, end);
    }

    static byte[] WithRecipient(int rows, string recipient)
    {
        var lines = Encoding.UTF8.GetString(TextOf(rows)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Encoding.UTF8.GetBytes(
            string.Concat(lines.Select(line => $"{recipient}{line[line.IndexOf(';', StringComparison.Ordinal)..]}\n")));
    }

    static void AssertNothingARow(Action<int> work)
    {
        var more = MoreFor(work);

        // An object a row would be 24 bytes a row at least; the runtime itself may take a little meanwhile.
        Assert.True(more < Half, $"{more} bytes for {Half} rows more, expected none");
    }

    /// <summary>Bytes a block of twice the rows takes more.</summary>
    static long MoreFor(Action<int> work)
    {
        // Grown, pooled and compiled.
        for (var i = 0; i < 3; i++)
        {
            work(2 * Half);
            work(Half);
        }

        return AllocatedBy(work, 2 * Half) - AllocatedBy(work, Half);
    }

    static long AllocatedBy(Action<int> work, int rows)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work(rows);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
