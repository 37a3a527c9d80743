using System.Text;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.PrintExport.Tests.Batches;

/// <summary>Which pieces share an envelope.</summary>
public sealed class HouseholdTests
{
    const int PiecesMax = 5;
    const int PagesMax = 30;

    static readonly PrintOrder Joining = Some.Order() with { JoinsHouseholds = true };
    static readonly PrintHouseChoice Choice =
        new([], PrintHouse.Any("default", PiecesMax) with { PagesMax = PagesMax });

    [Fact]
    public async Task PlanAsync_OneAddress_OneEnvelope() =>
        Assert.Equal([(2, 1), (4, 1), (1, 2), (3, 3)], await EnvelopesAsync(
            At(1, "Lærkevej 10"), At(2, "Lærkevej 9"), At(3, "Lærkevej 10 A"), At(4, "Lærkevej 9")));

    [Fact]
    public async Task PlanAsync_JobThatDoesNotAsk_AnEnvelopeEach() =>
        Assert.Equal([(1, 1), (2, 2)], await EnvelopesAsync(Some.Order(), At(1), At(2)));

    [Fact]
    public async Task PlanAsync_NoHousehold_AnEnvelopeEach() =>
        Assert.Equal([(1, 1), (2, 2), (3, 3)], await EnvelopesAsync(Some.Piece(1), Some.Piece(2), At(3)));

    [Fact]
    public async Task PlanAsync_MoreSheetsThanTheEnvelopeTakes_TheNextEnvelope() =>
        Assert.Equal(
            [(1, 1), (2, 1), (3, 2), (4, 3)],
            await EnvelopesAsync(At(1, sheets: 5), At(2, sheets: 3), At(3, sheets: 1), At(4, sheets: 8)));

    [Theory]
    [InlineData(HouseholdDivision.HouseholdPiecesMax, 1)]
    [InlineData(HouseholdDivision.HouseholdPiecesMax + 1, HouseholdDivision.HouseholdPiecesMax + 1)]
    public async Task PlanAsync_MorePiecesThanAHouseholdHas_AnEnvelopeEach(int pieces, int envelopes)
    {
        var order = Joining with { Envelope = "C4-left" };
        var batch = Assert.Single(await Some.PlanAsync(Enumerable.Range(1, pieces).Select(row => At(row)), order));
        Assert.Equal(envelopes, batch.Pieces[^1].Envelope);
    }

    [Fact]
    public async Task PlanAsync_HouseholdOverABatchLimit_StartsTheNextBatch()
    {
        var batches = await Some.PlanAsync(
            [At(1, "A 1"), At(2, "B 2"), At(3, "B 2"), At(4, "C 3")], Joining, piecesMax: 2);

        Assert.Equal([[1], [2, 3], [4]], batches.Select(batch => batch.Pieces.Select(piece => piece.RowNo)));
        Assert.All(batches, batch => Assert.Equal(1, batch.Pieces[^1].Envelope));
    }

    [Fact]
    public void PlanAsync_AnyPieces_EnvelopesFitAndHoldOneHousehold() => Check(async pieces =>
    {
        var byRow = pieces.ToDictionary(piece => piece.RowNo);
        foreach (var batch in await Some.PlanAsync(pieces, Joining, choice: Choice))
        {
            var envelopes = batch.Pieces.GroupBy(piece => piece.Envelope).ToList();
            Assert.Equal(Enumerable.Range(1, envelopes.Count), envelopes.Select(envelope => envelope.Key));
            Assert.Equal(batch.Pieces, envelopes.SelectMany(envelope => envelope));
            Assert.InRange(batch.Pieces.Count, 1, PiecesMax);
            foreach (var shared in envelopes.Where(envelope => envelope.Count() > 1))
            {
                Assert.InRange(shared.Sum(piece => piece.Sheets), 2, batch.Class.Band.SheetsMax);
                Assert.InRange(shared.Sum(piece => piece.Pages), 2, PagesMax);
                var address = Assert.Single(shared.Select(piece => Text(byRow[piece.RowNo])).Distinct());
                Assert.NotEmpty(address);
            }
        }
    });

    [Fact]
    public void PlanAsync_AnyPieces_SameOrderAsWithoutHouseholdsAndAnyArrival() => Check(async pieces =>
    {
        var joined = Rows(await Some.PlanAsync(pieces, Joining, choice: Choice));
        Assert.Equal(Rows(await Some.PlanAsync(pieces, choice: Choice)), joined);
        Assert.Equal(joined, Rows(await Some.PlanAsync(Enumerable.Reverse(pieces), Joining, choice: Choice)));
    });

    [Fact]
    public void PlanAsync_AnyPiecesOfAJobThatDoesNotAsk_SequenceIsTheEnvelope() => Check(async pieces =>
        Assert.All(
            (await Some.PlanAsync(pieces, choice: Choice)).SelectMany(batch => batch.Pieces),
            piece => Assert.Equal(piece.Sequence, piece.Envelope)));

    [Fact]
    public void Plan_LostPiecesOfOneEnvelope_AnEnvelopeEach() => Assert.Equal(
        [1, 2],
        ReprintBatch.Plan(Joining, 2, 1, [new(1, PostalZone.Denmark, 1), new(2, PostalZone.Denmark, 1)], "default")
            .Pieces.Select(piece => piece.Envelope));

    static Task<List<(int Row, int Envelope)>> EnvelopesAsync(params PresortPiece[] pieces) =>
        EnvelopesAsync(Joining, pieces);

    static async Task<List<(int Row, int Envelope)>> EnvelopesAsync(PrintOrder order, params PresortPiece[] pieces) =>
        [.. Assert.Single(await Some.PlanAsync(pieces, order)).Pieces.Select(piece => (piece.RowNo, piece.Envelope))];

    static List<int> Rows(List<PlannedBatch> batches) =>
        [.. batches.SelectMany(batch => batch.Pieces).Select(piece => piece.RowNo)];

    static string Text(PresortPiece piece) => Encoding.UTF8.GetString(piece.Household ?? []);

    static PresortPiece At(int rowNo, string street = "Lærkevej 9C", int sheets = 1, string postcode = "2650") =>
        Some.Piece(rowNo, postcode, street, sheets) with
        {
            Household = Encoding.UTF8.GetBytes($"{street}\n{postcode} By"),
        };

    static void Check(Func<List<PresortPiece>, Task> property)
    {
        var piece =
            from street in Gen.Elements("Lærkevej 9", "Lærkevej 10")
            from postcode in Gen.Elements("2650", "2650", "8000")
            from sheets in Gen.Elements(1, 1, 1, 2, 3, 8, 9, 20)
            from isProtected in Gen.Elements(false, false, false, true)
            select (street, postcode, sheets, isProtected);
        var lists = piece.ListOf().Select(drawn => drawn.Select((it, at) => it.isProtected
            ? Some.Piece((at * 37 % 1009) + 1, "", it.street, it.sheets)
            : At((at * 37 % 1009) + 1, it.street, it.sheets, it.postcode)).ToList());
        Prop.ForAll(lists.ToArbitrary(), pieces => property(pieces).GetAwaiter().GetResult())
            .QuickCheckThrowOnFailure();
    }
}
