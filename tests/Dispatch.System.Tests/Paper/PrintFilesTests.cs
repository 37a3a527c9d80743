using System.Text.RegularExpressions;
using Dispatch.System.Tests.Effects;

namespace Dispatch.System.Tests.Paper;

/// <summary>
/// The files a print house takes: nothing else in the outbox, and each says the truth about the others.
/// </summary>
[Collection(WorldCollection.Name)]
public sealed partial class PrintFilesTests(WorldFixture fixture)
{
    const int PiecesMax = 5000;
    const string TicketFields =
        "name printHouse job attempt createdAt pieces pages sheets envelope postage duplex colour files";

    static readonly string[] TicketCounts = ["pieces", "pages", "sheets"];

    public static TheoryData<string> Jobs => [WorldJobs.Large, "paper-only", "private-paper"];

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Ticket_EachBatch_AgreesWithFilesManifestAndViews(string job)
    {
        var run = await fixture.RunAsync(job);
        var jobId = await fixture.Site.JobIdAsync(run.Order.Key);
        var inViews = await fixture.Site.QueryAsync(
            "select name, pieces, pages, sheets, sha256, attempt from ops.print_batches "
                + "where job_id = $1 order by name",
            jobId);

        var batches = PrintBatch.Find(fixture.Site.Outbox, run.Order);

        Assert.Equal(run.Count("paper"), batches.Sum(b => b.Manifest.Count));
        Assert.Equal(inViews.Select(v => v[0]), batches.Select(b => b.Name));
        foreach (var (batch, view) in batches.Zip(inViews))
        {
            var ticket = batch.Ticket;
            Assert.Matches(NamePattern(), batch.Name);
            Assert.StartsWith(
                $"{fixture.World.Today:yyyyMMdd}-{run.Order.Rules.SenderCvr}-", batch.Name, StringComparison.Ordinal);
            Assert.Equal(TicketFields, string.Join(' ', ticket.EnumerateObject().Select(p => p.Name)));
            Assert.InRange(batch.Manifest.Count, 1, PiecesMax);
            Assert.Equal(batch.Manifest.Count, ticket.GetProperty("pieces").GetInt32());
            Assert.Equal(await PdfText.PageCountAsync(batch.Pdf), ticket.GetProperty("pages").GetInt32());
            Assert.Equal(batch.Manifest.Sum(l => l.Pages), ticket.GetProperty("pages").GetInt32());
            Assert.Equal(batch.Manifest.Sum(l => l.Sheets), ticket.GetProperty("sheets").GetInt32());
            var numbers = string.Join(' ', TicketCounts.Select(c => ticket.GetProperty(c)));
            Assert.Equal($"{numbers} {batch.PdfSha256} {ticket.GetProperty("attempt")}", string.Join(' ', view[1..]));
            Assert.Equal(1, ticket.GetProperty("attempt").GetInt32());
            AssertFiles(batch);
        }
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Outbox_CompletedJob_HoldsThreeGroupReadableFilesPerBatch(string job)
    {
        var run = await fixture.RunAsync(job);
        var batches = PrintBatch.Find(fixture.Site.Outbox, run.Order);

        var found = Directory.GetFiles(fixture.Site.Outbox, "*", SearchOption.AllDirectories)
            .Where(f => batches.Any(b => Path.GetFileName(f).StartsWith(b.Name, StringComparison.Ordinal)));

        Assert.Equal(
            batches.SelectMany(b => new[] { b.Pdf, b.ManifestFile, b.TicketFile }).Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal));
        const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        Assert.All(found, f => Assert.Equal(FileMode, File.GetUnixFileMode(f)));
        const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;
        Assert.All(batches, b => Assert.Equal(FolderMode, File.GetUnixFileMode(b.Folder)));
    }

    [Fact]
    public async Task Outbox_AllJobs_HoldsNothingButWholeBatches()
    {
        foreach (var job in WorldJobs.Names)
        {
            await fixture.RunAsync(job);
        }

        var known = WorldJobs.Names
            .SelectMany(job => PrintBatch.Find(fixture.Site.Outbox, WorldJobs.Order(job)))
            .SelectMany(b => new[] { b.Pdf, b.ManifestFile, b.TicketFile });

        Assert.Empty(Directory.GetFiles(fixture.Site.Outbox, "*", SearchOption.AllDirectories).Except(known));
    }

    static void AssertFiles(PrintBatch batch)
    {
        var files = batch.Ticket.GetProperty("files").EnumerateArray()
            .ToDictionary(f => f.GetProperty("name").GetString()!);
        Assert.Equal(2, files.Count);
        foreach (var file in new[] { batch.Pdf, batch.ManifestFile })
        {
            var line = files[Path.GetFileName(file)];
            Assert.Equal(new FileInfo(file).Length, line.GetProperty("bytes").GetInt64());
            Assert.Equal(PrintBatch.Sha256(file), line.GetProperty("sha256").GetString());
        }
    }

    /// <summary>YYYYMMDD-SENDERCVR-REFERENCE-CLASS-NNNN-HASH8.</summary>
    [GeneratedRegex("^[0-9]{8}-[0-9]{8}-[a-z0-9-]+-[a-z0-9-]+-[0-9]{4,}-[0-9a-f]{8}$")]
    private static partial Regex NamePattern();
}
