using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dispatch.System.Tests.Desk;
using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>Values made to be read as something else are printed as they are, and are nothing else anywhere.</summary>
[Collection(DeskCollection.Name)]
public sealed partial class HostileValuesTests(DeskFixture desk)
{
    const string Title = "Brev) /JS (app.alert(1)) >> endobj <script>alert(1)</script>";
    const string Letter = "# {{job.title}}\n\n{{text}}\n\n| a |\n|---|\n| {{text}} |\n\n- {{text}}\n";

    static readonly string[] Values =
    [
        "=cmd|' /C calc'!A0", "+1+1", "-2+3+cmd", "@SUM(1,1)", "'; drop table dispatch.jobs; --", "$1 \\copy \\. \\N",
        "{{recipient.name}} {{/if}} {{#if text}}",
        "**fed** _kursiv_ # overskrift [her](http://example.org) ![x](crest.png)",
        "<script>alert(1)</script> <b>&amp; &lt;",
        ") Tj ET endstream endobj 1 0 obj << /JS (app.alert(1)) /URI (http://x) >>",
        "../../../../etc/passwd", "/etc/passwd", "$(id) `id` ${HOME} %s%n",
        "{\"Level\":\"Error\",\"Message\":\"forged\"}",
        "\"a\";\"b\"", "| a | b |", "---", "\"\n{\"Level\":\"Error\",\"Message\":\"forged\"}\n=1+1",
    ];

    static readonly string[] NotInAPdf =
        ["/JS", "/JavaScript", "/AA", "/OpenAction", "/URI", "/EmbeddedFile", "/Launch", "/Annot", "/RichMedia", "/AcroForm", "/ObjStm"];

    [Fact]
    public async Task Run_ValuesThatLookLikeSomethingElse_AreTextAndNothingElse()
    {
        var tables = await TablesAsync();
        var job = Write();
        (await job.Site.RunAsync("plan", job.Folder)).Expect(0);
        var run = (await job.RunAsync()).Expect(3);

        Assert.Equal(
            [.. Enumerable.Repeat("paper requested", Values.Length), .. Enumerable.Repeat("refused cpr.length", Values.Length)],
            (await EffectTable.ReadAsync(desk.Site, job.Key)).Select(e => e.Verdict.ToString()));
        var batch = Assert.Single(job.Batches());
        await AssertPrintedAsync(batch);
        await AssertPdfAsync(batch.Pdf);
        await AssertReportsAsync(await desk.Site.ReportsAsync(job.Key));
        await AssertLogsAsync();
        Assert.DoesNotContain("forged", run.Error, StringComparison.Ordinal);
        Assert.Equal(tables, await TablesAsync());
        Assert.All(Directory.GetFiles(desk.Site.Outbox, "*", SearchOption.AllDirectories), file =>
            Assert.Matches("^[a-z0-9.-]+$", Path.GetFileName(file)));
        await AssertSameTwiceAsync(job);
        AssertModes(desk.Site.Data);
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
    }

    /// <summary>Whatever umask the program was started under, what it makes is its own.</summary>
    [Fact]
    public async Task Start_UnderAnOpenUmask_MakesNothingForOthers()
    {
        var data = Path.Combine(desk.Site.Folder, "open", "data");
        var program = await PublishedProgram.PathAsync;
        var variables = new Dictionary<string, string> { ["DISPATCH_DATA"] = data };
        var country = Path.Combine(desk.Site.Folder, "open", "country");

        (await Command.RunAsync(
            "sh", ["-c", "umask 000; exec \"$0\" \"$@\"", program, "generate", "--people", "50", "--seed", "1", "--out", country],
            variables)).Expect(0);

        AssertModes(data);
        AssertPrivate(Directory.GetFileSystemEntries(country, "*", SearchOption.AllDirectories));
    }

    DeskJob Write()
    {
        var order = new JobOrder { Reference = "hostile", Title = Title, Rules = new() { Channel = "paper-only" } };
        var list = new RecipientList(["recipient", "reference", "text"], [new("text", "text", true)]);
        foreach (var (value, person) in Values.Zip(desk.Enrolled))
        {
            list.Rows.Add([person.Cpr, value.ReplaceLineEndings(" "), value]);
        }

        foreach (var value in Values)
        {
            list.Rows.Add(["12345", value, value]);
        }

        return new(desk.Site, order, JobFolder.Write(Path.Combine(desk.Site.Folder, "hostile"), order, list, Letter));
    }

    static async Task AssertPrintedAsync(PrintBatch batch)
    {
        var pages = await PdfText.PagesAsync(batch.Pdf);
        Assert.Equal(Values.Length, batch.Manifest.Count);
        var printed = batch.Manifest
            .Select(
                line => Dense(string.Concat(pages[(line.FirstPage - 1)..(line.FirstPage - 1 + line.Pages)]))).ToList();
        foreach (var value in Values.Select(Dense))
        {
            // Thrice, but for pdftotext, which takes a hyphen before another block away. A value may be part of a
            // longer one.
            var own = printed.Where(text => Count(text, value) >= 2
                && Values.Select(Dense).All(other => other.Length <= value.Length || Count(text, other) == 0)).ToList();
            Assert.True(own.Count == 1, $"{own.Count} pieces hold '{value}': {string.Join('\n', printed)}");
            Assert.Contains(Dense(Title), own[0], StringComparison.Ordinal);
        }
    }

    // Between its streams a file holds its structure in the clear.
    static async Task AssertPdfAsync(string file)
    {
        var structure = Streams().Replace(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), "");
        Assert.Contains("/Catalog", structure, StringComparison.Ordinal);
        var dictionaries = Strings().Replace(structure, "()");
        Assert.All(NotInAPdf, name => Assert.DoesNotContain(name, dictionaries, StringComparison.Ordinal));
        (await Command.RunAsync("qpdf", ["--check", file])).Expect(0);
    }

    static async Task AssertReportsAsync(string folder)
    {
        var refused = CsvText.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "refused.csv"))).Skip(1).ToList();
        Assert.Equal(Values.Length, refused.Count);
        Assert.All(refused, record =>
        {
            Assert.Equal(4, record.Length);
            Assert.All(record, cell => Assert.DoesNotMatch("^[=+@\t\r-]", cell));
        });
        Assert.Contains(refused, record => record[1] == "'=cmd|' /C calc'!A0");
        Assert.DoesNotContain("<script>alert", await File.ReadAllTextAsync(Path.Combine(folder, "report.html")), StringComparison.Ordinal);
    }

    async Task AssertLogsAsync()
    {
        var lines = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(desk.Site.Data, "logs")))
        {
            foreach (var line in await File.ReadAllLinesAsync(file))
            {
                Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind);
                Assert.DoesNotContain("forged", line, StringComparison.Ordinal);
                lines++;
            }
        }

        Assert.True(lines > 0);
    }

    static async Task AssertSameTwiceAsync(DeskJob job)
    {
        string[] files = [Path.Combine(job.Folder, "1.pdf"), Path.Combine(job.Folder, "2.pdf")];
        foreach (var file in files)
        {
            (await job.Site.RunAsync("letter", job.Key, "--row", "10", "--out", file, "--reason", "test")).Expect(0);
        }

        Assert.Equal(PrintBatch.Sha256(files[0]), PrintBatch.Sha256(files[1]));
        var metadata = (await Command.RunAsync("pdfinfo", ["-meta", files[0]])).Expect(0).Output;
        Assert.Contains(Title, XDocument.Parse(metadata.Trim()).Root!.Value, StringComparison.Ordinal);
        await AssertPdfAsync(files[0]);
        AssertPrivate(files);
    }

    // The outbox is its group's too; the data folder can be walked through; all else is the owner's alone.
    static void AssertModes(string data)
    {
        Assert.Equal("711", Mode(data));
        var outbox = Path.Combine(data, "outbox");
        var entries = Directory.GetFileSystemEntries(data, "*", SearchOption.AllDirectories).ToList();
        var shared = entries.Where(entry => entry.StartsWith(outbox, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(shared);
        Assert.All(
            shared, entry => Assert.Equal((entry, Directory.Exists(entry) ? "2750" : "640"), (entry, Mode(entry))));
        AssertPrivate(entries.Except(shared));
    }

    static void AssertPrivate(IEnumerable<string> entries) => Assert.All(entries, entry =>
        Assert.True(Mode(entry) is "700" or "600" or "400", $"{entry} has mode {Mode(entry)}"));

    static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    static int Count(string text, string value) => text.Split(value).Length - 1;

    static string Dense(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    async Task<string> TablesAsync() => string.Join(' ', (await desk.Site.QueryAsAsync("postgres", """
        select schemaname || '.' || tablename from pg_tables where schemaname in ('dispatch', 'register', 'mailbox', 'ops')
        order by 1
        """)).Select(row => row[0]));

    [GeneratedRegex(@"stream\r?\n.*?endstream", RegexOptions.Singleline)]
    private static partial Regex Streams();

    [GeneratedRegex(@"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>", RegexOptions.Singleline)]
    private static partial Regex Strings();
}
