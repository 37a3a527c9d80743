using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;

namespace Dispatch.System.Tests.Paper;

/// <summary>
/// Each envelope holds its own row's letter and no other: read off the pages, compared with the list.
/// </summary>
[Collection(WorldCollection.Name)]
public sealed class PieceContentTests(WorldFixture fixture)
{
    const int MarkerLength = 14;

    public static TheoryData<string> Jobs => [WorldJobs.Large, "paper-only", "private-paper"];

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Pieces_AllBatches_HoldEachPaperRowOnceWithItsOwnNameAndAddress(string job)
    {
        var run = await fixture.RunAsync(job);
        var rows = Enumerable.Range(0, run.Expected.Length).Where(i => run.Expected[i].Effect == "paper")
            .ToDictionary(i => run.List.Value(run.List.Rows[i], "marker"));
        var found = new HashSet<string>();

        foreach (var batch in PrintBatch.Find(fixture.Site.Outbox, run.Order))
        {
            var pages = await PdfText.PagesAsync(batch.Pdf);
            Assert.Equal(batch.Manifest.Sum(l => l.Pages), pages.Length);
            var page = 1;
            foreach (var (line, at) in batch.Manifest.Select((l, i) => (l, i)))
            {
                Assert.Equal((at + 1, page), (line.Sequence, line.FirstPage));
                page += line.Pages;
                var text = PdfText.Flow(pages[(line.FirstPage - 1)..(line.FirstPage - 1 + line.Pages)]);
                var marker = Assert.Single(Markers(text));
                Assert.True(
                    found.Add(marker), $"Piece {line.Sequence} of {batch.Name} holds a row that was printed before.");
                Assert.True(
                    rows.TryGetValue(marker, out var row), $"Piece {line.Sequence} of {batch.Name}: no paper row.");
                AssertReceiver(run.List.Value(run.List.Rows[row], "recipient"), text, line);
            }
        }

        Assert.Equal(rows.Count, found.Count);
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Manifest_ProtectedPeople_SortLastWithoutPostcode(string job)
    {
        var run = await fixture.RunAsync(job);
        var hidden = run.List.Rows.Where((_, i) => run.Expected[i].Effect == "paper")
            .ToDictionary(
                r => run.List.Value(r, "marker"),
                r => Receiver(run.List.Value(r, "recipient"))?.IsProtected == true);

        foreach (var batch in PrintBatch.Find(fixture.Site.Outbox, run.Order))
        {
            var pages = await PdfText.PagesAsync(batch.Pdf);
            var order = batch.Manifest
                .Select(l => (Line: l, IsHidden: hidden[Markers(pages[l.FirstPage - 1]).Single()])).ToList();
            Assert.All(order.Where(o => o.IsHidden), o => Assert.Equal("", o.Line.Postcode));
            Assert.DoesNotContain(order.SkipWhile(o => !o.IsHidden), o => !o.IsHidden);
        }
    }

    void AssertReceiver(string recipient, string text, ManifestLine line)
    {
        var person = Receiver(recipient);
        if (person is null)
        {
            Assert.Contains(fixture.World.Register.Companies[recipient.Trim(' ')].Name, text, StringComparison.Ordinal);
            return;
        }

        Assert.Contains(person.Name, text, StringComparison.Ordinal);
        var address = person.Contact.Length > 0 ? person.Contact.Split('|') : [person.Street, person.City];
        Assert.All(address, l => Assert.Contains(l, text, StringComparison.Ordinal));
        if (Judge.IsUnder15(person.Born, fixture.World.Today))
        {
            Assert.Contains("forældremyndighedens indehaver for", text, StringComparison.Ordinal);
        }

        if (person.Country.Length > 0 || person.Status is not ("05" or "80"))
        {
            Assert.Equal(person.Country.Length > 0 ? person.Country : "DK", line.Country);
        }

        var postcode = person.Contact.Length == 0 ? person.Postcode
            : string.Concat(person.Contact.Split('|')[^1].TakeWhile(char.IsAsciiDigit));
        Assert.Equal(person.IsProtected ? "" : postcode, line.Postcode);
    }

    Person? Receiver(string recipient)
    {
        var digits = RecipientNumber.Read(recipient, fixture.World.Today).Digits;
        return fixture.World.Register.Find(digits).Person;
    }

    static List<string> Markers(string text)
    {
        var markers = new List<string>();
        var at = 0;
        while ((at = text.IndexOf(WorldList.MarkerStart, at, StringComparison.Ordinal)) >= 0)
        {
            markers.Add(text.Substring(at, MarkerLength));
            at += MarkerLength;
        }

        return markers;
    }
}
