namespace Dispatch.PrintExport.Tests.Pdf;

public sealed class LetterFileWriterTests
{
    [Fact]
    public void Dump()
    {
        var layout = Some.Layout(Some.TaxLetter, isDuplex: true);
        File.WriteAllBytes("/tmp/w-compose.pdf", Some.File(layout, Some.TaxValues(1), Some.TaxValues(3)));
    }
}
