using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Tests.Batches;

public sealed class ReprintBatchTests
{
    static readonly LostPiece[] Lost = [new(9, PostalZone.Denmark, 2), new(3, PostalZone.Denmark, 1)];

    [Fact]
    public async Task Plan_LostPieces_KeepIdsClassAndOrderUnderAnotherName()
    {
        var first = (await Some.PlanAsync([Some.Piece(3), Some.Piece(9, sheets: 2)]))[0];

        var again = ReprintBatch.Plan(Some.Order(), attempt: 2, number: 4, Lost, "north");

        Assert.Equal((first.Class, 2, 4, 6, 3), (again.Class, again.Attempt, again.Number, again.Pages, again.Sheets));
        Assert.Equal([9, 3], again.Pieces.Select(piece => piece.RowNo));
        Assert.Equal([1, 5], again.Pieces.Select(piece => piece.FirstPage));
        Assert.Equal(
            first.Pieces.ToDictionary(piece => piece.RowNo, piece => piece.PieceId),
            again.Pieces.ToDictionary(piece => piece.RowNo, piece => piece.PieceId));
        Assert.Equal(
            BatchName.Make(
                Some.Order(), again.Class.ToString(), 4, 2, again.Pieces.Select(piece => piece.PieceId)),
            again.Name);
    }

    [Fact]
    public void Plan_OtherAttempt_AnotherName() => Assert.NotEqual(
        ReprintBatch.Plan(Some.Order(), 2, 1, Lost, "north").Name,
        ReprintBatch.Plan(Some.Order(), 3, 1, Lost, "north").Name);

    [Fact]
    public void Plan_PiecesOfTwoClassesOrNone_AreRefused()
    {
        Assert.Throws<ArgumentException>(
            () => ReprintBatch.Plan(Some.Order(), 2, 1, [.. Lost, new(4, PostalZone.World, 1)], "north"));
        Assert.Throws<ArgumentException>(() => ReprintBatch.Plan(Some.Order(), 2, 1, [], "north"));
    }
}
