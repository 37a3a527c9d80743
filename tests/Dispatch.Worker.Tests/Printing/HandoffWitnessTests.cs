using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;
using Dispatch.Worker.Printing;

namespace Dispatch.Worker.Tests.Printing;

/// <summary>What others know of a hand-off and the database does not: found again, or a reason to stop.</summary>
public sealed class HandoffWitnessTests
{
    static readonly FileDigest Pdf = FileDigest.Of("pdf"u8);
    static readonly FileDigest Manifest = FileDigest.Of("manifest"u8);
    static readonly HashSet<string> None = [];

    [Fact]
    public void FindAdopted_OutAsTheSameFiles_IsRecorded() =>
        Assert.Equal(
            [Batch("a")],
            HandoffWitness.FindAdopted([Known("a", isOut: true)], None, [Batch("a"), Batch("b")]));

    [Fact]
    public void FindAdopted_KnownToTheDatabase_IsNobodysNews() => Assert.Empty(HandoffWitness.FindAdopted(
        [Known("a", isOut: false), Known("gone", isOut: true)], new HashSet<string> { "a", "gone" }, [Batch("b")]));

    [Theory]
    [InlineData("a", false, "pdf")] // begun, and perhaps not out
    [InlineData("a", true, "other")] // out, as other files
    [InlineData("c", true, "pdf")] // not a batch of this plan
    public void FindAdopted_AnythingElse_StopsTheJob(string name, bool isOut, string pdf)
    {
        var other = Known(name, isOut) with
        {
            Pdf = HandedOffBatch.Hex(FileDigest.Of(System.Text.Encoding.ASCII.GetBytes(pdf))),
        };

        var fault = Assert.Throws<DispatchException>(
            () => HandoffWitness.FindAdopted([other], None, [Batch("a"), Batch("b")]));

        Assert.Equal("handoff.unrecorded", fault.Code);
    }

    static HandedOffBatch Known(string name, bool isOut) =>
        new(name, HandedOffBatch.Hex(Pdf), HandedOffBatch.Hex(Manifest), isOut);

    static PrintBatch Batch(string name) => new(
        1, name, 1, "default", "C5-left", "economy", true, false, 1, 2, 1, BatchProgress.Composed, default,
        Pdf, Manifest, IsTicketReady: false, HandoffTarget: null);
}
