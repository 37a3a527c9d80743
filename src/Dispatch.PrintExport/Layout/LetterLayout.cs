using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>A letter with its constant parts laid out once. Immutable: any number of threads may use it.</summary>
public sealed class LetterLayout
{
    /// <summary>A longer letter is refused with <c>render.too_many_pages</c>.</summary>
    public const int PagesMax = 100;

    [ThreadStatic]
    static LetterMeasure? _measure;

    readonly int[] _columnBytesMax;

    LetterLayout(LetterTemplate template, LetterSetting setting, FontSet fonts)
    {
        Template = template;
        Setting = setting;
        Fonts = fonts;
        var letter = new LetterSurroundings(setting, fonts);
        var pictures = new PictureList();

        // A picture that opens the letter is the sender's crest and stands in the letterhead; a first-level heading
        // that opens it stands where the job's title would.
        var crest = (template.Blocks[0] as LetterBlock.Picture)?.Image;
        IReadOnlyList<LetterBlock> blocks = crest is null ? template.Blocks : [.. template.Blocks.Skip(1)];
        var title = blocks.Count > 0 && blocks[0] is LetterBlock.Heading { Level: 1 } ? null : setting.Title;
        FirstHead = PageHead.First(letter, title, crest, pictures);
        LaterHead = PageHead.Later(letter);
        var frame = new FlowFrame(PageHead.BodyLeft, PageHead.BodyWidth, [], 0);
        Items = FlowCompiler.Compile(blocks, letter, pictures, frame, this);
        Pictures = pictures.Pictures;
        Address = FlowText.Create(
            [], TypeSize.Address, TextStyle.Regular, letter, Points.FromMm(setting.Envelope.AddressLeftMm),
            Points.FromMm(setting.Envelope.AddressWidthMm));
        PageLabels = new(letter);
        MayBeBlank = blocks.Count > 0 && !LetterText.IsAlwaysThere(blocks, template.Columns);
        PlainValueBytesMax = PlainValues.BytesMax(this);
        _columnBytesMax = PlainCells.BytesMax(this);
    }

    public LetterTemplate Template { get; }

    /// <summary>
    /// A letter without address lines whose values take at most this many bytes in all, every one of them plain, of its
    /// format and no longer than <see cref="PlainColumnBytesMax"/>, passes <see cref="Check"/> for certain.
    /// </summary>
    public int PlainValueBytesMax { get; }

    internal LetterSetting Setting { get; }

    internal FontSet Fonts { get; }

    internal PageHead FirstHead { get; }

    internal PageHead LaterHead { get; }

    internal FlowItem[] Items { get; }

    internal IReadOnlyList<LetterPicture> Pictures { get; }

    /// <summary>Type and column of the address; it holds no text.</summary>
    internal FlowText Address { get; }

    internal PageLabels PageLabels { get; }

    /// <summary>Conditions may leave nothing of the letter.</summary>
    internal bool MayBeBlank { get; }

    /// <summary>Room for the body on the pages after the first.</summary>
    internal int LaterBodyHeight => PageHead.BodyBottom - LaterHead.BodyTop;

    /// <summary>A table header up to this height is drawn again on the pages its table goes on to.</summary>
    internal int RepeatedHeaderHeightMax => BodyHeightMin / 4;

    /// <summary>A table row of this height fits a later page below any header drawn again there.</summary>
    internal int RowHeightSure => LaterBodyHeight - RepeatedHeaderHeightMax;

    /// <summary>Room for the body on the page that has least of it.</summary>
    internal int BodyHeightMin => PageHead.BodyBottom - Math.Max(FirstHead.BodyTop, LaterHead.BodyTop);

    /// <summary>Lays out the constant parts of a letter.</summary>
    /// <exception cref="DispatchException">
    /// <c>template.unsupported</c>: a character no font has, a table with too many columns, a row higher than a page.
    /// <c>job.value</c>: sender and return address do not both fit the letterhead.
    /// </exception>
    public static LetterLayout Create(LetterTemplate template, LetterSetting setting, FontSet fonts)
    {
        var layout = CreateAccepted(template, setting, fonts);
        return layout.FirstHead.Fault is { } fault ? throw fault : layout;
    }

    /// <summary>Lays out a letter that was accepted before: a fault of the letterhead, which was not looked for once,
    /// does not stop its job.</summary>
    public static LetterLayout CreateAccepted(LetterTemplate template, LetterSetting setting, FontSet fonts) =>
        new(template, setting, fonts);

    /// <summary>Measures the whole letter; the work is bounded, however long a value is.</summary>
    public LetterCheck Check(LetterValues values)
    {
        var measure = _measure ??= new LetterMeasure();
        var reason = measure.Measure(this, values);
        if (reason != Reason.None)
        {
            return new(reason, DetailOf(reason, measure), 0, 0);
        }

        var (pages, sheets) = PaperOf(measure.PageCount);
        return new(Reason.None, "", pages, sheets);
    }

    /// <summary>Longest plain value of a column, in bytes, that surely fits the table cells it stands in.</summary>
    /// <param name="column">Index into <see cref="LetterTemplate.Columns"/>.</param>
    public int PlainColumnBytesMax(int column) => _columnBytesMax[column];

    static string DetailOf(Reason reason, LetterMeasure measure) => reason switch
    {
        Reason.RenderGlyph => $"U+{measure.MissingCodePoint:X4}",
        Reason.RenderOverflow when measure.OverflowLine > 0 => $"table row, line {measure.OverflowLine}",
        Reason.FieldMissing => LetterCheck.BlankLetter,
        _ => "",
    };

    /// <summary>Pages with the blank back, and sheets, of a letter of so many printed pages.</summary>
    internal (int Pages, int Sheets) PaperOf(int printedPages)
    {
        if (!Setting.IsDuplex)
        {
            return (printedPages, printedPages);
        }

        var sheets = (printedPages + 1) / 2;
        return (sheets * 2, sheets);
    }
}
