using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>What stands above the body of a page, the same in every letter; y counts from the top of the
/// page.</summary>
/// <param name="BodyTop">Where the body starts, from the top of the page.</param>
sealed record PageHead(StripContent Content, int BodyTop)
{
    /// <summary>Text keeps this from the left edge of the page: clear of the inserter's sheet mark, in line with the
    /// address.
    /// </summary>
    public static readonly int BodyLeft = Points.FromMm(20);

    public static readonly int BodyWidth = Points.FromMm(168);

    public static readonly int BodyBottom = Points.FromMm(297 - 20);

    /// <summary>Where the page label of later pages stands.</summary>
    public static readonly int LaterLabelTop = Points.FromMm(15);

    public static readonly int LabelWidth = Points.FromMm(32);

    static readonly int SenderTop = Points.FromMm(16);
    static readonly int CrestHeightMax = Points.FromMm(24);
    static readonly int CrestWidthMax = Points.FromMm(60);
    static readonly int CrestTop = Points.FromMm(15);
    static readonly int WindowGap = Points.FromMm(1);
    static readonly int SideGap = Points.FromMm(12);
    static readonly int TitleGap = Points.FromMm(12);
    static readonly int LaterGap = Points.FromMm(9);

    /// <summary>The first page: sender, crest, return address above the window, sender and date beside it,
    /// title.</summary>
    /// <param name="title">Null when the letter brings a heading of its own.</param>
    public static PageHead First(LetterSurroundings letter, string? title, LetterPicture? crest, PictureList pictures)
    {
        using var content = new StripContent.Builder(letter.Fonts.Widths);
        var setting = letter.Setting;
        var crestWidth = crest is null ? 0 : DrawCrest(content, crest, pictures);
        DrawSender(content, letter, BodyWidth - crestWidth);
        DrawReturnLine(content, letter);
        var sideBottom = DrawSide(content, letter);
        var windowBottom = Points.FromMm(setting.Envelope.WindowTopMm + setting.Envelope.WindowHeightMm);
        var top = Math.Max(windowBottom, sideBottom) + TitleGap;
        if (title is not null)
        {
            var text = Constant(letter, title, TypeSize.Title, TextStyle.Bold, BodyLeft, BodyWidth);
            content.Lines(text, top);
            top += text.ConstantLines.Length * TypeSize.Title.Leading + 600;
        }

        return new(content.Build(), top);
    }

    /// <summary>Every other page: the title, and room for its number.</summary>
    public static PageHead Later(LetterSurroundings letter)
    {
        using var content = new StripContent.Builder(letter.Fonts.Widths);
        var title = Constant(
            letter, letter.Setting.Title, TypeSize.Side, TextStyle.Regular, BodyLeft, BodyWidth - LabelWidth);
        content.Lines(title, LaterLabelTop);
        var ruleTop = LaterLabelTop + Math.Max(1, title.ConstantLines.Length) * TypeSize.Side.Leading + 300;
        content.Box(BodyLeft, ruleTop, BodyWidth, 50, 55);
        return new(content.Build(), ruleTop + LaterGap);
    }

    static int DrawCrest(StripContent.Builder content, LetterPicture crest, PictureList pictures)
    {
        var (width, height) = crest.SizeWithin(CrestWidthMax, CrestHeightMax);
        content.Picture(pictures.IndexOf(crest), BodyLeft + BodyWidth - width, CrestTop, width, height);
        return width + SideGap;
    }

    static void DrawSender(StripContent.Builder content, LetterSurroundings letter, int width)
    {
        var name = Constant(letter, letter.Setting.SenderName, TypeSize.Sender, TextStyle.Bold, BodyLeft, width);
        if (name.ConstantLines.Length > 2)
        {
            name = Constant(letter, letter.Setting.SenderName, TypeSize.Body, TextStyle.Bold, BodyLeft, width);
        }

        content.Lines(name, SenderTop);
    }

    static void DrawReturnLine(StripContent.Builder content, LetterSurroundings letter)
    {
        var envelope = letter.Setting.Envelope;
        var width = Points.FromMm(envelope.AddressWidthMm);
        var line = Constant(
            letter, ReturnLines(letter, width), TypeSize.Small, TextStyle.Regular,
            Points.FromMm(envelope.AddressLeftMm), width);
        var height = line.ConstantLines.Length * TypeSize.Small.Leading;
        content.Lines(line, Points.FromMm(envelope.WindowTopMm) - WindowGap - height);
    }

    /// <summary>The dot between two parts stands between them, never at a line's end or start.</summary>
    static string ReturnLines(LetterSurroundings letter, int width)
    {
        var lines = new List<string>();
        foreach (var part in letter.Setting.ReturnAddress)
        {
            var joined = lines.Count == 0 ? "" : $"{lines[^1]} \u00b7 {part}";
            if (joined.Length > 0
                && letter.Width(letter.Cells(joined, TextStyle.Regular), TypeSize.Small.Size) <= width)
            {
                lines[^1] = joined;
            }
            else
            {
                lines.Add(part);
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>Sender and date to the right of the window; gives where they end.</summary>
    static int DrawSide(StripContent.Builder content, LetterSurroundings letter)
    {
        var setting = letter.Setting;
        var left = Points.FromMm(setting.Envelope.WindowLeftMm + setting.Envelope.WindowWidthMm) + SideGap;
        var width = BodyLeft + BodyWidth - left;
        var top = Points.FromMm(setting.Envelope.AddressTopMm);
        Add(setting.SenderName, TextStyle.Bold);
        foreach (var line in setting.ReturnAddress.Where(line => line != setting.SenderName))
        {
            Add(line, TextStyle.Regular);
        }

        top += TypeSize.Side.Leading;
        Add(letter.LongDate(), TextStyle.Regular);
        return top;

        void Add(string line, TextStyle style)
        {
            var text = Constant(letter, line, TypeSize.Side, style, left, width);
            content.Lines(text, top);
            top += text.ConstantLines.Length * TypeSize.Side.Leading;
        }
    }

    static FlowText Constant(
        LetterSurroundings letter, string text, TypeSize type, TextStyle style, int left, int width) =>
        FlowText.Create([new LetterRun.Text(text, TextStyle.Regular)], type, style, letter, left, width);
}
