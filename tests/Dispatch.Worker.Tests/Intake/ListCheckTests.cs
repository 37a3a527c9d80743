using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Intake;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Worker.Tests.Intake;

public sealed class ListCheckTests : IDisposable
{
    readonly IntakeSite _site = new();

    static readonly Gen<string> Field = Gen.OneOf(
        Gen.Elements("", "a", "Ærø", "€", "📮", "\"x;y\"", "\"a\nb\"", "\"a\r\nb\"", "\"\"\"q\"\"\"", "\"\""),
        from letter in Gen.Elements('x', 'ø', '—')
        from count in Gen.Choose(1, 40)
        select new string(letter, count));

    static readonly Gen<string[]> Rows =
        (from name in Field
         from reference in Field
         from end in Gen.Elements("\n", "\r\n", "\n\n")
         select $"{IntakeSite.Cpr};{reference};{name}{end}").ArrayOf().Where(rows => rows.Length > 0);

    // The same text cut and read in any sizes gives the same rows, numbered the same.
    [Fact]
    public void RunAsync_AnySplit_KeepsTheRows() => Prop.ForAll(
        Rows.ToArbitrary(), Gen.Elements(16, 17, 19, 64, 4_096).ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(),
        (rows, blockBytes, chunkRows) =>
        {
            var text = $"{IntakeSite.Header}\n{string.Concat(rows)}";
            _site.Write("recipients.csv", text);
            using var job = Check(new() { BlockBytes = blockBytes, ChunkRows = chunkRows, ChunkBytes = 1_024 });

            Assert.Equal(ReadRows(Encoding.UTF8.GetBytes(text)).Skip(1), IntakeSite.Open(job).SelectMany(ReadRows));
            AssertChunks(job, rows.Length, chunkRows);
            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(text)), job.List.Sha256);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    // A character or a quoted line break that lies across the border of two blocks.
    [Theory]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void RunAsync_CharacterAcrossABorder_StaysWhole(int border)
    {
        foreach (var mark in new[] { "ø", "€", "📮", "\"\"", "\r\n" })
        {
            for (var back = 0; back <= 5; back++)
            {
                var head = $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;\"";
                var text = head + new string('x', border - head.Length - back) + mark + $"\"\n{IntakeSite.Cpr};2;Bo\n";
                _site.Write("recipients.csv", text);
                using var job = Check(new() { BlockBytes = border });

                Assert.Equal(2, job.List.Rows);
                Assert.Equal(
                    text[(IntakeSite.Header.Length + 1)..], Encoding.UTF8.GetString(IntakeSite.Open(job).Single()));
            }
        }
    }

    [Theory]
    [InlineData("windows-1252", 1252)]
    [InlineData("utf-16", 1200)]
    [InlineData("utf-16", 1201)]
    [InlineData("utf-8", 65001)]
    public void RunAsync_OtherEncoding_BecomesUtf8(string declared, int codePage)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
        var text = $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;Søren – Ærø €\n{(codePage == 1252 ? "" : "x;📮;y")}";
        _site.Write("job.json", IntakeSite.OrderJson("job-1", $", \"encoding\": \"{declared}\""));
        _site.Write("recipients.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
        foreach (var blockBytes in new[] { 16, 17, 18, 19, 4_096 })
        {
            using var job = Check(new() { BlockBytes = blockBytes });

            Assert.Equal(
                text[(IntakeSite.Header.Length + 1)..],
                string.Concat(IntakeSite.Open(job).Select(Encoding.UTF8.GetString)));
        }
    }

    [Theory]
    [InlineData("\u001A", true)]
    [InlineData("\u001A\u001A", false)]
    [InlineData("\u001A\n", false)]
    public void RunAsync_DosEnd_IsDroppedAsLastByteOnly(string end, bool isDropped)
    {
        var rows = $"{IntakeSite.Cpr};1;Anna{(isDropped ? "\n" : "")}";
        _site.Write("recipients.csv", $"{IntakeSite.Header}\n{rows}{end}");
        foreach (var blockBytes in Enumerable.Range(16, 50))
        {
            using var job = Check(new() { BlockBytes = blockBytes });

            var kept = end.EndsWith('\u001A') ? end[..^1] : end;
            Assert.Equal(rows + kept, Encoding.UTF8.GetString(IntakeSite.Open(job).Single()));
        }
    }

    [Fact]
    public void RunAsync_InvalidByte_IsToldWithItsLine()
    {
        var good = $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;Anna\n{IntakeSite.Cpr};2;\"B\r\n";
        _site.Write("recipients.csv", [.. Encoding.UTF8.GetBytes(good), .. "Ær"u8, 0xC0, 0xAF, .. "\"\n"u8]);
        foreach (var blockBytes in new[] { 16, 23, 64, 4_096 })
        {
            var fault = Assert.Throws<DispatchException>(() => Check(new() { BlockBytes = blockBytes }));

            Assert.Equal("encoding.invalid", fault.Code);
            Assert.Contains("line 4 ", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RunAsync_StrayQuote_IsToldWithItsLine()
    {
        _site.Write(
            "recipients.csv", $"{IntakeSite.Header}\r\n\r\n{IntakeSite.Cpr};1;\"A\nB\"\n{IntakeSite.Cpr};2;B\"o\n");
        foreach (var blockBytes in new[] { 16, 23, 64, 4_096 })
        {
            var fault = Assert.Throws<DispatchException>(() => Check(new() { BlockBytes = blockBytes, ChunkRows = 1 }));

            Assert.Equal("csv.quote", fault.Code);
            Assert.Contains("line 5 ", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(IntakeSite.Cpr, fault.Message, StringComparison.Ordinal);
        }
    }

    // Of two faults the one further ahead in the file is told, whichever half of the pass finds it.
    [Fact]
    public void RunAsync_TwoFaults_TellsTheFirst()
    {
        var early = $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;B\"o\n";
        _site.Write(
            "recipients.csv", [.. Encoding.UTF8.GetBytes(early), .. new byte[10_000].Select(_ => (byte)'x'), 0xFF]);

        Assert.Equal("csv.quote", Assert.Throws<DispatchException>(() => Check(new() { BlockBytes = 64 })).Code);
    }

    public void Dispose() => _site.Dispose();

    CheckedJob Check(IntakeLimits limits) => _site.CheckAsync(limits).GetAwaiter().GetResult();

    static void AssertChunks(CheckedJob job, int rows, int chunkRows)
    {
        var (firstRow, offset) = (1, 0L);
        foreach (var (chunk, no) in job.Chunks.Select((chunk, no) => (chunk, no)))
        {
            Assert.Equal((no, firstRow, offset), (chunk.ChunkNo, chunk.FirstRow, chunk.SpoolOffset));
            Assert.InRange(chunk.Rows, 1, chunkRows);
            (firstRow, offset) = (firstRow + chunk.Rows, offset + chunk.SpoolBytes);
        }

        Assert.Equal((rows, rows + 1), (job.List.Rows, firstRow));
    }

    static IEnumerable<string> ReadRows(byte[] text)
    {
        var rows = new List<string>();
        using var reader = CsvReader.Create(text, ListDialect.Options(';'));
        while (reader.Read())
        {
            rows.Add(string.Join('\u0001', Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)));
        }

        return rows;
    }
}
