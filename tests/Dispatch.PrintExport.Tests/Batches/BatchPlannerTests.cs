using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.PrintExport.Tests.Batches;

public sealed class BatchPlannerTests
{
    const int PiecesMax = 7;

    static readonly string[] Postcodes = ["", "0999", "2650", "2650", "8000"];
    static readonly string[] Streets = ["Agerhønevej 2", "Agerhønevej 10", "Lærkevej 9C, 1. tv", "Ågade 1"];

    [Fact]
    public void PlanAsync_AnyArrivalOrder_SameBatches() => Check(async pieces =>
    {
        var straight = await Some.PlanAsync(pieces, piecesMax: PiecesMax);
        var reversed = await Some.PlanAsync(Enumerable.Reverse(pieces), piecesMax: PiecesMax);
        Assert.Equal(straight.Select(batch => batch.Name), reversed.Select(batch => batch.Name));
        Assert.Equal(straight.SelectMany(batch => batch.Pieces), reversed.SelectMany(batch => batch.Pieces));
    });

    [Fact]
    public void PlanAsync_AnyPieces_EachOnceAndWithinTheLimit() => Check(async pieces =>
    {
        var batches = await Some.PlanAsync(pieces, piecesMax: PiecesMax);
        Assert.All(batches, batch => Assert.InRange(batch.Pieces.Count, 1, PiecesMax));
        var rows = batches.SelectMany(batch => batch.Pieces).Select(piece => piece.RowNo).Order();
        Assert.Equal(pieces.Select(piece => piece.RowNo).Order(), rows);
        Assert.Equal(batches.Count, batches.Select(batch => batch.Name).Distinct().Count());
    });

    [Fact]
    public void PlanAsync_AnyPieces_PagesFollowOneAnother() => Check(async pieces =>
    {
        foreach (var batch in await Some.PlanAsync(pieces, piecesMax: PiecesMax))
        {
            var page = 1;
            foreach (var piece in batch.Pieces)
            {
                Assert.Equal(page, piece.FirstPage);
                Assert.Equal(piece.Sheets * 2, piece.Pages);
                page += piece.Pages;
            }

            Assert.Equal(page - 1, batch.Pages);
            Assert.Equal(batch.Pieces.Sum(piece => piece.Sheets), batch.Sheets);
        }
    });

    [Fact]
    public void PlanAsync_AnyPieces_OneClassABatchAndOnlyTheLastOfAClassIsNotFull() => Check(async pieces =>
    {
        var byRow = pieces.ToDictionary(piece => piece.RowNo);
        var batches = await Some.PlanAsync(pieces, piecesMax: PiecesMax);
        foreach (var ofClass in batches.GroupBy(batch => batch.Class))
        {
            Assert.All(ofClass.SkipLast(1), batch => Assert.Equal(PiecesMax, batch.Pieces.Count));
            Assert.Equal(Enumerable.Range(1, ofClass.Count()), ofClass.Select(batch => batch.Number));
            foreach (var piece in ofClass.SelectMany(batch => batch.Pieces))
            {
                var row = byRow[piece.RowNo];
                Assert.Equal(ofClass.Key, PieceClass.Of(Some.Order(), row.Zone, row.Sheets));
            }
        }
    });

    [Fact]
    public void PlanAsync_AnyPieces_PostcodesRiseAndThoseWithoutComeLastByRow() => Check(async pieces =>
    {
        var byRow = pieces.ToDictionary(piece => piece.RowNo);
        foreach (var ofClass in (await Some.PlanAsync(pieces, piecesMax: PiecesMax)).GroupBy(batch => batch.Class))
        {
            var rows = ofClass.SelectMany(batch => batch.Pieces).Select(piece => byRow[piece.RowNo]).ToList();
            var open = rows.TakeWhile(row => row.Postcode.Length > 0).Select(row => row.Postcode).ToList();
            var last = rows.Skip(open.Count).ToList();
            Assert.Equal(open.Order(StringComparer.Ordinal), open);
            Assert.All(last, row => Assert.Empty(row.Postcode));
            Assert.Equal(last.Select(row => row.RowNo).Order(), last.Select(row => row.RowNo));
        }
    });

    [Fact]
    public async Task PlanAsync_OnePostcode_StreetsByNumberAndHouseholdsTogether()
    {
        var batch = Assert.Single(await Some.PlanAsync(
        [
            Some.Piece(1, street: "Lærkevej 10"), Some.Piece(2, street: "Lærkevej 9"),
            Some.Piece(3, street: "Abelsvej 7"), Some.Piece(4, street: "Lærkevej 10"),
            Some.Piece(5, street: "Lærkevej 9"),
        ]));

        Assert.Equal([3, 2, 5, 1, 4], batch.Pieces.Select(piece => piece.RowNo));
    }

    [Fact]
    public async Task PlanAsync_LetterOutgrowsC5_GoesToC4AsAClassOfItsOwn()
    {
        var batches = await Some.PlanAsync(
            [Some.Piece(1, sheets: 9), Some.Piece(2, sheets: 8), Some.Piece(3, sheets: 41)]);

        Assert.Equal(["C5-left", "C4-left", "C4-left"], batches.Select(batch => batch.Class.Envelope));
        Assert.Equal([8, 40, 100], batches.Select(batch => batch.Class.Band.SheetsMax));
    }

    [Fact]
    public async Task PlanAsync_PiecesThatComeLater_NumbersGoOn()
    {
        var pieceClass = PieceClass.Of(Some.Order(), PostalZone.Denmark, 1).ToString();

        var batches = await Some.PlanAsync(
            Enumerable.Range(1, 8).Select(row => Some.Piece(row)), piecesMax: PiecesMax,
            lastNumbers: new Dictionary<string, int> { [pieceClass] = 41 });

        Assert.Equal([42, 43], batches.Select(batch => batch.Number));
    }

    [Fact]
    public async Task PlanAsync_NextAttempt_SamePieceIdsOtherName()
    {
        var first = Assert.Single(await Some.PlanAsync([Some.Piece(1)]));
        var second = Assert.Single(await Some.PlanAsync([Some.Piece(1)], attempt: 2));

        Assert.Equal(first.Pieces, second.Pieces);
        Assert.NotEqual(first.Name, second.Name);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public async Task PlanAsync_OutOfOrderOrTwice_Throws(int first, int second)
    {
        var planner = new BatchPlanner(
            Some.Order(), 1, new([], PrintHouse.Any("default", PiecesMax)), new Dictionary<string, int>());
        PresortPiece[] pieces = [Some.Piece(first), Some.Piece(second)];

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await planner.PlanAsync(pieces.ToAsyncEnumerable(), CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task PlanAsync_PostcodeLargerThanAGroup_StillEveryPieceOnce()
    {
        const int Rows = BatchPlanner.GroupPiecesMax + 10;

        var batches = await Some.PlanAsync(Enumerable.Range(1, Rows).Select(row => Some.Piece(row)));

        Assert.Equal(Rows, batches.SelectMany(batch => batch.Pieces).Select(piece => piece.RowNo).Distinct().Count());
    }

    static void Check(Func<List<PresortPiece>, Task> property)
    {
        var piece =
            from postcode in Gen.Elements(Postcodes)
            from street in Gen.Elements(Streets)
            from sheets in Gen.Elements(1, 1, 2, 8, 9, 40, 41, 100)
            from zone in Gen.Elements(PostalZone.Denmark, PostalZone.Denmark, PostalZone.Eu, PostalZone.World)
            select (postcode, street, sheets, zone);
        var lists = piece.ListOf().Select(drawn => drawn
            .Select((it, at) => Some.Piece((at * 37 % 1009) + 1, it.postcode, it.street, it.sheets, it.zone)).ToList());
        Prop.ForAll(lists.ToArbitrary(), pieces => property(pieces).GetAwaiter().GetResult())
            .QuickCheckThrowOnFailure();
    }
}
