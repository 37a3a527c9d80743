using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// What lies below the letters of a proof: the envelope's window, the place of the address in it, the margins and the
/// strip of the inserter's marks, in colour, and the word PROOF across every page, so that nobody takes it for a print
/// file.
/// </summary>
public sealed class ProofOverlay
{
    const string Word = "PROOF";
    const int MarginMm = 15;
    const int PageWidthMm = 210;
    const int PageHeightMm = 297;
    const int WordSize = 15_000;
    const int WordLeftMm = 35;
    const int WordTopMm = 245;
    const int NoteTopMm = 284;

    ProofOverlay(StripContent first, StripContent front, StripContent back)
    {
        (First, Front, Back) = (first, front, back);
    }

    /// <summary>For the page the window shows.</summary>
    internal StripContent First { get; }

    /// <summary>For the fronts of all other sheets.</summary>
    internal StripContent Front { get; }

    internal StripContent Back { get; }

    /// <param name="layout">Of the letters that are drawn over it: the envelope and the fonts are the same.</param>
    public static ProofOverlay For(LetterLayout layout)
    {
        var letter = new LetterSurroundings(layout.Setting, layout.Fonts);
        return new(Build(letter, isFront: true, hasWindow: true), Build(letter, isFront: true, hasWindow: false),
            Build(letter, isFront: false, hasWindow: false));
    }

    static StripContent Build(LetterSurroundings letter, bool isFront, bool hasWindow)
    {
        using var content = new StripContent.Builder(letter.Fonts.Widths);
        var envelope = letter.Setting.Envelope;
        AddMargins(content);
        if (isFront)
        {
            AddZone(content, 0, 0, envelope.SheetMarkWidthMm, PageHeightMm);
        }

        if (hasWindow)
        {
            AddZone(
                content, envelope.WindowLeftMm, envelope.WindowTopMm, envelope.WindowWidthMm, envelope.WindowHeightMm);
            AddZone(
                content, envelope.AddressLeftMm, envelope.AddressTopMm, envelope.AddressWidthMm,
                envelope.AddressHeightMm);
        }

        content.Slanted(
            Points.FromMm(WordLeftMm), Points.FromMm(WordTopMm), WordSize, letter.Cells(Word, TextStyle.Bold));
        content.Text(
            PageHead.BodyLeft, Points.FromMm(NoteTopMm), TypeSize.Small,
            letter.Cells(Note(envelope, isFront, hasWindow), TextStyle.Regular));
        return content.Build();
    }

    static void AddMargins(StripContent.Builder content)
    {
        AddZone(content, 0, 0, PageWidthMm, MarginMm);
        AddZone(content, 0, PageHeightMm - MarginMm, PageWidthMm, MarginMm);
        AddZone(content, 0, 0, MarginMm, PageHeightMm);
        AddZone(content, PageWidthMm - MarginMm, 0, MarginMm, PageHeightMm);
    }

    static void AddZone(StripContent.Builder content, int left, int top, int width, int height) =>
        content.Zone(Points.FromMm(left), Points.FromMm(top), Points.FromMm(width), Points.FromMm(height));

    static string Note(EnvelopeProfile envelope, bool isFront, bool hasWindow) =>
        $"{Word}, not for printing. Margin {MarginMm} mm"
        + (isFront ? $"; left {envelope.SheetMarkWidthMm} mm: sheet marks" : "")
        + (hasWindow ? $"; window of {envelope.Name} and address in it" : "");
}
