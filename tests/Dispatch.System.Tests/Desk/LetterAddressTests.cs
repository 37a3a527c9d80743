using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Paper;

namespace Dispatch.System.Tests.Desk;

/// <summary>A letter that prints the receiver's address, sent to people with one and without.</summary>
[Collection(DeskCollection.Name)]
public sealed class LetterAddressTests(DeskFixture desk)
{
    [Fact]
    public async Task Run_LetterPrintsAddress_IsDigitalAlsoForWhoHasNone()
    {
        var job = desk.Job(
            [desk.Enrolled[0].Cpr, desk.EnrolledWithoutAddress.Cpr, desk.Exempt.Cpr],
            letter: "# {{job.title}}\n\n{{marker}} {{amount:money}} {{day:date}}\n\n"
                + "{{recipient.name}}, {{recipient.address}}\n");

        (await job.RunAsync()).Expect(0);

        Assert.Equal("1 digital enrolled, 2 digital enrolled, 3 paper exempt", await job.EffectsAsync());
        var pages = await PdfText.PagesAsync(Assert.Single(job.Batches()).Pdf);
        Assert.Contains(WorldRegister.NameMark, PdfText.Flow(pages), StringComparison.Ordinal);
        Assert.Equal(2, PdfText.Flow(pages).Split(desk.Exempt.Street).Length - 1);
    }
}
