using Dispatch.PrintExport.Receipts;

namespace Dispatch.PrintExport.Tests.Receipts;

public sealed class LossRuleTests
{
    // Who is in doubt: nobody, the piece, its batch.
    [Theory]
    [InlineData(BatchState.Printed, PieceState.Spoiled, PieceLoss.Lost, PieceLoss.InDoubt, PieceLoss.Lost)]
    [InlineData(BatchState.Accepted, PieceState.Rejected, PieceLoss.Lost, PieceLoss.InDoubt, PieceLoss.Lost)]
    [InlineData(BatchState.Rejected, PieceState.Rejected, PieceLoss.Lost, PieceLoss.InDoubt, PieceLoss.Lost)]
    [InlineData(BatchState.Rejected, PieceState.HandedOff, PieceLoss.Lost, PieceLoss.InDoubt, PieceLoss.InDoubt)]
    [InlineData(BatchState.Rejected, PieceState.Posted, PieceLoss.NotLost, PieceLoss.NotLost, PieceLoss.NotLost)]
    [InlineData(BatchState.HandedOff, PieceState.HandedOff, PieceLoss.NotLost, PieceLoss.NotLost, PieceLoss.NotLost)]
    [InlineData(BatchState.Printed, PieceState.Printed, PieceLoss.NotLost, PieceLoss.NotLost, PieceLoss.NotLost)]
    [InlineData(BatchState.Accepted, PieceState.Posted, PieceLoss.NotLost, PieceLoss.NotLost, PieceLoss.NotLost)]
    [InlineData(BatchState.Printed, PieceState.Returned, PieceLoss.NotLost, PieceLoss.NotLost, PieceLoss.NotLost)]
    public void Of_StateAndOpenIncidents_SayWhetherItMayBePrintedAgain(
        BatchState batch, PieceState piece, PieceLoss agreed, PieceLoss ofPiece, PieceLoss ofBatch)
    {
        Assert.Equal(agreed, LossRule.Of(batch, piece, isPieceInDoubt: false, isBatchInDoubt: false));
        Assert.Equal(ofPiece, LossRule.Of(batch, piece, isPieceInDoubt: true, isBatchInDoubt: false));
        Assert.Equal(ofBatch, LossRule.Of(batch, piece, isPieceInDoubt: false, isBatchInDoubt: true));
    }
}
