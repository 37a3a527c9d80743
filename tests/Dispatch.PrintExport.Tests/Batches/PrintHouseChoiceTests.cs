using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Tests.Batches;

/// <summary>Which of several print houses a batch goes to.</summary>
public sealed class PrintHouseChoiceTests
{
    static readonly PrintHouse Otherwise = PrintHouse.Any("default", 5_000);

    static readonly PieceClass Danish = PieceClass.Of(Some.Order(), PostalZone.Denmark, 1);

    [Fact]
    public void For_ZonesAndEnvelopes_GoesWhereTheyAreTakenOrToTheDefault()
    {
        var choice = new PrintHouseChoice(
            [House("abroad", zones: [PostalZone.World]), House("large", envelopes: ["C4-left"])], Otherwise);

        Assert.Equal("abroad", For(choice, PostalZone.World, sheets: 1));
        Assert.Equal("default", For(choice, PostalZone.Denmark, sheets: 1));
        Assert.Equal("large", For(choice, PostalZone.Denmark, sheets: 9));
        Assert.Equal("default", For(choice, PostalZone.Eu, sheets: 8));

        static string For(PrintHouseChoice choice, PostalZone zone, int sheets) =>
            choice.For(Some.Order(), PieceClass.Of(Some.Order(), zone, sheets), 1).Name;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 7)]
    [InlineData(1_000, 1)]
    public void For_Shares_AreKeptInEveryRunOfBatches(int a, int b)
    {
        var choice = new PrintHouseChoice([House("b", b), House("a", a), House("none", share: 0)], Otherwise);

        var names = Enumerable.Range(1, 3 * (a + b))
            .Select(number => choice.For(Some.Order(), Danish, number).Name).ToList();

        Assert.Equal(3 * a, names.Count(name => name == "a"));
        Assert.Equal(3 * b, names.Count(name => name == "b"));
        Assert.Equal(names[..(a + b)], names[^(a + b)..]);
    }

    [Fact]
    public void For_ManySmallJobs_AreSpreadByTheShares()
    {
        var choice = new PrintHouseChoice([House("a", 3), House("b", 1)], Otherwise);

        var toA = Enumerable.Range(0, 1_000).Count(job => choice.For(Some.Order($"job-{job}"), Danish, 1).Name == "a");

        Assert.InRange(toA, 690, 810);
    }

    [Fact]
    public void For_OtherOrderOfTheSettings_IsTheSame()
    {
        var (a, b) = (House("a", 2), House("b", 3));

        Assert.All(Enumerable.Range(1, 50), number => Assert.Equal(
            new PrintHouseChoice([a, b], Otherwise).For(Some.Order(), Danish, number),
            new PrintHouseChoice([b, a], Otherwise).For(Some.Order(), Danish, number)));
    }

    [Fact]
    public async Task PlanAsync_LimitsOfTheHouses_CutEachOfItsBatches()
    {
        var choice = new PrintHouseChoice(
            [House("pages") with { PagesMax = 10 }, House("pieces") with { PiecesMax = 3 }], Otherwise);
        var pieces = Enumerable.Range(1, 100).Select(row => Some.Piece(row, sheets: row % 50 == 0 ? 7 : 1)).ToList();

        var batches = await Some.PlanAsync(pieces, choice: choice);

        Assert.Equal(100, batches.Sum(batch => batch.Pieces.Count));
        Assert.Equal(Enumerable.Range(1, batches.Count), batches.Select(batch => batch.Number));
        Assert.All(batches, batch => Assert.True(
            batch.PrintHouse == "pieces" ? batch.Pieces.Count <= 3 : batch.Pages <= 10 || batch.Pieces.Count == 1));
        var byPages = batches.Count(batch => batch.PrintHouse == "pages");
        Assert.InRange(byPages - batches.Count(batch => batch.PrintHouse == "pieces"), -1, 1);
        Assert.Contains(
            batches, batch => batch is { Pieces.Count: 1, Pages: 14 } or { PrintHouse: "pieces", Pages: > 14 });
    }

    static PrintHouse House(
        string name, int share = 1, IReadOnlyList<PostalZone>? zones = null, IReadOnlyList<string>? envelopes = null) =>
        new(name, zones ?? [], envelopes ?? [], share, 5_000, 1_000_000);
}
