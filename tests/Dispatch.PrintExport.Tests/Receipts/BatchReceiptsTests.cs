using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Receipts;

public sealed class BatchReceiptsTests
{
    const int Pieces = 3;
    const int Pages = 2;
    const int Sheets = 1;

    static readonly DateTimeOffset HandedOff = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Now = HandedOff.AddDays(2);
    static readonly DateTimeOffset Claimed = HandedOff.AddDays(1);

    [Theory]
    [InlineData("p", PieceState.Printed, "a")]
    [InlineData("p o", PieceState.Posted, "a a")]
    [InlineData("p o r", PieceState.Returned, "a a a")]
    [InlineData("o p", PieceState.Posted, "a l")]
    [InlineData("r o p", PieceState.Returned, "a l l")]
    [InlineData("p s", PieceState.Spoiled, "a a")]
    [InlineData("s p", PieceState.Spoiled, "a l")]
    [InlineData("s s", PieceState.Spoiled, "a r")]
    [InlineData("s o", PieceState.Spoiled, "a c")]
    [InlineData("o s", PieceState.Posted, "a c")]
    [InlineData("r s", PieceState.Returned, "a c")]
    [InlineData("x x", PieceState.Rejected, "a r")]
    [InlineData("x p", PieceState.Rejected, "a c")]
    [InlineData("p x", PieceState.Printed, "a c")]
    [InlineData("x s", PieceState.Rejected, "a c")]
    [InlineData("p p", PieceState.Printed, "a d")]
    [InlineData("p o o", PieceState.Posted, "a a d")]
    [InlineData("s p p", PieceState.Spoiled, "a l d")]
    public void Take_LinesOfOnePiece_MoveItForwardOnly(string statuses, PieceState end, string verdicts)
    {
        var receipts = Some();

        var found = statuses.Split(' ').Select(s => receipts.Take(Line(2, Status(s)), 2)).ToList();

        Assert.Equal(end, receipts.StateOf(2));
        Assert.Equal(verdicts, string.Join(' ', found.Select(v => char.ToLowerInvariant(v.ToString()[0]))));
        Assert.Equal([2], receipts.Changed);
        Assert.Equal(PieceState.HandedOff, receipts.StateOf(1));
        var kinds = receipts.Incidents.Select(incident => incident.Kind).ToList();
        Assert.Equal(verdicts.Contains('c', StringComparison.Ordinal), kinds.Contains(IncidentKind.Contradiction));
        Assert.Equal(verdicts.Contains('d', StringComparison.Ordinal), kinds.Contains(IncidentKind.Duplicate));
        Assert.Equal(statuses.StartsWith('x'), kinds.Contains(IncidentKind.PieceRejected));
    }

    [Fact]
    public void Take_ClaimOfAnEarlierFile_IsARepetitionAndAnotherOneASecondEnvelope()
    {
        var earlier =
            new EarlierClaim[] { new(1, ReceiptStatus.Printed, Claimed), new(2, ReceiptStatus.Printed, Claimed) };
        var receipts = Some(
            PieceState.Printed, earlier: earlier);

        Assert.Equal(ReceiptVerdict.Repeated, receipts.Take(Line(1, ReceiptStatus.Printed), 1));
        Assert.Empty(receipts.Incidents);

        Assert.Equal(
            ReceiptVerdict.Duplicate,
            receipts.Take(Line(2, ReceiptStatus.Printed) with { ClaimedAt = Claimed.AddHours(1) }, 2));
        var incident = Assert.Single(receipts.Incidents);
        Assert.Equal((IncidentKind.Duplicate, 2), (incident.Kind, incident.Sequence));
        Assert.Equal(PieceState.Printed, receipts.StateOf(2));
    }

    [Fact]
    public void Take_ManyDuplicatesOfOnePiece_AreOneIncident()
    {
        var receipts = Some();
        for (var i = 0; i < 1_000; i++)
        {
            receipts.Take(Line(1, ReceiptStatus.Printed), 1);
        }

        Assert.Single(receipts.Incidents);
    }

    [Theory]
    [InlineData(BatchState.HandedOff, ReceiptStatus.Accepted, BatchState.Accepted, ReceiptVerdict.Applied)]
    [InlineData(BatchState.Accepted, ReceiptStatus.Accepted, BatchState.Accepted, ReceiptVerdict.Repeated)]
    [InlineData(BatchState.Printed, ReceiptStatus.Accepted, BatchState.Printed, ReceiptVerdict.Repeated)]
    [InlineData(BatchState.Rejected, ReceiptStatus.Accepted, BatchState.Rejected, ReceiptVerdict.Contradiction)]
    [InlineData(BatchState.HandedOff, ReceiptStatus.Rejected, BatchState.Rejected, ReceiptVerdict.Applied)]
    [InlineData(BatchState.Accepted, ReceiptStatus.Rejected, BatchState.Rejected, ReceiptVerdict.Applied)]
    [InlineData(BatchState.Rejected, ReceiptStatus.Rejected, BatchState.Rejected, ReceiptVerdict.Repeated)]
    [InlineData(BatchState.Printed, ReceiptStatus.Rejected, BatchState.Printed, ReceiptVerdict.Contradiction)]
    public void Take_LineOfTheBatch_MovesIt(
        BatchState state, ReceiptStatus status, BatchState end, ReceiptVerdict verdict)
    {
        var receipts = Some(state: state);

        Assert.Equal(verdict, receipts.Take(BatchLine(status), 0));

        Assert.Equal(end, receipts.State);
        Assert.Equal(
            verdict switch
            {
                ReceiptVerdict.Contradiction => [IncidentKind.Contradiction],
                ReceiptVerdict.Applied when status == ReceiptStatus.Rejected => [IncidentKind.BatchRejected],
                _ => Array.Empty<string>(),
            },
            receipts.Incidents.Select(incident => incident.Kind));
    }

    [Fact]
    public void Take_BatchRejectedAfterAPieceWasPrinted_IsAContradiction()
    {
        var receipts = Some();
        receipts.Take(Line(1, ReceiptStatus.Printed), 1);

        Assert.Equal(ReceiptVerdict.Contradiction, receipts.Take(BatchLine(ReceiptStatus.Rejected), 0));
        Assert.Equal(BatchState.HandedOff, receipts.State);
    }

    [Fact]
    public void Take_Incidents_AreSentences()
    {
        var (batch, piece) = (Some(), Some());
        batch.Take(BatchLine(ReceiptStatus.Rejected), 0);
        batch.Take(Line(1, ReceiptStatus.Posted), 1);
        piece.Take(Line(1, ReceiptStatus.Rejected), 1);
        piece.Take(Line(2, ReceiptStatus.Printed), 2);
        piece.Take(Line(2, ReceiptStatus.Printed), 2);
        piece.Take(BatchLine(ReceiptStatus.Accepted) with { Pages = null, Sheets = 1 }, 0);

        Assert.Equal(
            [
                "line 2 says rejected; nothing of it is printed, its pieces can be reprinted",
                "line 2 says posted though its batch is rejected",
                "line 2 says rejected; the piece can be reprinted",
                "line 2 says printed for the second time",
                "line 2 says accepted with no pages and 1 sheet; handed off were 6 and 3",
            ],
            batch.Incidents.Concat(piece.Incidents).Select(incident => incident.Detail));
    }

    [Fact]
    public void Take_PiecePrintedOfARejectedBatch_IsAContradiction()
    {
        var receipts = Some(state: BatchState.Rejected);

        Assert.Equal(ReceiptVerdict.Contradiction, receipts.Take(Line(1, ReceiptStatus.Posted), 1));
        Assert.Equal(PieceState.HandedOff, receipts.StateOf(1));
    }

    [Theory]
    [InlineData("p p p", BatchState.Printed)]
    [InlineData("p s x", BatchState.Printed)]
    [InlineData("x x x", BatchState.Rejected)]
    [InlineData("o r -", BatchState.HandedOff)]
    public void Finish_AnswersForPieces_MakeTheBatch(string statuses, BatchState end)
    {
        var receipts = Some();
        foreach (var (status, i) in statuses.Split(' ').Select((s, i) => (s, i)).Where(s => s.s != "-"))
        {
            receipts.Take(Line(i + 1, Status(status)), i + 1);
        }

        receipts.Finish();

        Assert.Equal(end, receipts.State);
        Assert.Equal(end == BatchState.Rejected, receipts.Incidents.Any(n => n.Kind == IncidentKind.BatchRejected));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(2, 2)]
    public void Take_OtherCounts_AreAnIncidentAndTheStateMoves(int pages, int sheets)
    {
        var receipts = Some();

        receipts.Take(Line(1, ReceiptStatus.Printed) with { Pages = pages, Sheets = sheets }, 1);
        receipts.Take(BatchLine(ReceiptStatus.Accepted) with { Pages = 7 }, 0);

        Assert.Equal(
            [(IncidentKind.Counts, 1), (IncidentKind.Counts, 0)],
            receipts.Incidents.Select(incident => (incident.Kind, incident.Sequence)));
        Assert.Equal(PieceState.Printed, receipts.StateOf(1));
        Assert.Contains(
            $"with {pages} pages and {CountText.Of(sheets, "sheet")}; handed off were",
            receipts.Incidents.First().Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(48, false)]
    [InlineData(72, true)]
    public void Take_ClaimOutsideOurTime_IsFlaggedAndApplied(int hoursAfterHandoff, bool isFlagged)
    {
        var receipts = Some();

        receipts.Take(Line(1, ReceiptStatus.Printed) with { ClaimedAt = HandedOff.AddHours(hoursAfterHandoff) }, 1);

        Assert.Equal(isFlagged, receipts.Incidents.Any(incident => incident.Kind == IncidentKind.Time));
        Assert.Equal(PieceState.Printed, receipts.StateOf(1));
    }

    [Fact]
    public void Take_ManyClaimsOutsideOurTime_AreOneIncidentForEachPiece()
    {
        var receipts = Some();

        receipts.Take(BatchLine(ReceiptStatus.Accepted) with { ClaimedAt = Now.AddDays(1) }, 0);
        foreach (var piece in new[] { 1, 1, 3 })
        {
            receipts.Take(Line(piece, ReceiptStatus.Printed) with { ClaimedAt = Now.AddDays(1) }, piece);
        }

        Assert.Equal(
            [0, 1, 3], receipts.Incidents.Where(n => n.Kind == IncidentKind.Time).Select(n => n.Sequence));
    }

    [Fact]
    public void Find_PieceOfAnotherBatch_IsNone()
    {
        var receipts = Some();

        Assert.Equal((0, 2, null), (receipts.Find(null), receipts.Find(Id(2)), receipts.Find(Id(9))));
    }

    static BatchReceipts Some(
        PieceState piece = PieceState.HandedOff, BatchState state = BatchState.HandedOff,
        EarlierClaim[]? earlier = null) =>
        new(
            new(state, Pages * Pieces, Sheets * Pieces, HandedOff),
            [.. Enumerable.Range(1, Pieces).Select(n => new SentPiece(Id(n), Pages, Sheets, piece))],
            earlier ?? [],
            Now);

    static ReceiptLine Line(int piece, ReceiptStatus status) => new(2, "b", Id(piece), status, null, null, Claimed);

    static ReceiptLine BatchLine(ReceiptStatus status) =>
        new(2, "b", null, status, Pages * Pieces, Sheets * Pieces, Claimed);

    static string Id(int piece) => $"{piece:x20}";

    static ReceiptStatus Status(string letter) => letter switch
    {
        "p" => ReceiptStatus.Printed,
        "o" => ReceiptStatus.Posted,
        "s" => ReceiptStatus.Spoiled,
        "r" => ReceiptStatus.Returned,
        _ => ReceiptStatus.Rejected,
    };
}
