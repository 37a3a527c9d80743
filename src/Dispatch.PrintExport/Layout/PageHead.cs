using Dispatch.PrintExport.Templates;
using Dispatch.Routing;

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

    const string SenderName = "'job.json' $.sender.name";
    const string ReturnAddress = "'job.json' $.sender.returnAddress";
    const string JobTitle = "'job.json' $.title";

    static readonly int SenderTop = Points.FromMm(16);
    static readonly int CrestHeightMax = Points.FromMm(24);
    static readonly int CrestWidthMax = Points.FromMm(60);
    static readonly int CrestTop = Points.FromMm(15);
    static readonly int WindowGap = Points.FromMm(1);
    static readonly int SideGap = Points.FromMm(12);
    static readonly int TitleGap = Points.FromMm(12);
    static readonly int LaterGap = Points.FromMm(9);

    /// <summary><c>job.value</c>: the sender's name and the return lines stand in each other's way; null when they do
    /// not.</summary>
    public DispatchException? Fault { get; private init; }

    /// <summary>The first page: sender, crest, return address above the window, sender and date beside it,
    /// title.</summary>
    /// <param name="title">Null when the letter brings a heading of its own.</param>
    public static PageHead First(LetterSurroundings letter, string? title, LetterPicture? crest, PictureList pictures)
    {
        using var content = new StripContent.Builder(letter.Fonts.Widths);
        var setting = letter.Setting;
        var crestWidth = crest is null ? 0 : DrawCrest(content, crest, pictures);
        var sender = DrawSender(content, letter, BodyWidth - crestWidth);
        var returnLines = DrawReturnLines(content, letter);
        var sideBottom = DrawSide(content, letter);
        var windowBottom = Points.FromMm(setting.Envelope.WindowTopMm + setting.Envelope.WindowHeightMm);
        var top = Math.Max(windowBottom, sideBottom) + TitleGap;
        if (title is not null)
        {
            var text = Constant(letter, title, JobTitle, TypeSize.Title, TextStyle.Bold, BodyLeft, BodyWidth);
            content.Lines(text, top);
            top += text.ConstantLines.Length * TypeSize.Title.Leading + 600;
        }

        var hasRoom = SenderTop + HeightOf(sender) <= ReturnTop(letter, returnLines);
        return new(content.Build(), top)
        {
            Fault = hasRoom ? null : Collision(sender.ConstantLines.Length, returnLines.ConstantLines.Length),
        };
    }

    /// <summary>Every other page: the title, and room for its number.</summary>
    public static PageHead Later(LetterSurroundings letter)
    {
        using var content = new StripContent.Builder(letter.Fonts.Widths);
        var title = Constant(
            letter, letter.Setting.Title, JobTitle, TypeSize.Side, TextStyle.Regular, BodyLeft, BodyWidth - LabelWidth);
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

    static FlowText DrawSender(StripContent.Builder content, LetterSurroundings letter, int width)
    {
        var name = Name(TypeSize.Sender);
        if (name.ConstantLines.Length > 2)
        {
            name = Name(TypeSize.Body);
        }

        content.Lines(name, SenderTop);
        return name;

        FlowText Name(TypeSize type) =>
            Constant(letter, letter.Setting.SenderName, SenderName, type, TextStyle.Bold, BodyLeft, width);
    }

    static FlowText DrawReturnLines(StripContent.Builder content, LetterSurroundings letter)
    {
        var envelope = letter.Setting.Envelope;
        var width = Points.FromMm(envelope.AddressWidthMm);
        var lines = Constant(
            letter, ReturnLines(letter, width), ReturnAddress, TypeSize.Small, TextStyle.Regular,
            Points.FromMm(envelope.AddressLeftMm), width);
        content.Lines(lines, ReturnTop(letter, lines));
        return lines;
    }

    static int ReturnTop(LetterSurroundings letter, FlowText lines) =>
        Points.FromMm(letter.Setting.Envelope.WindowTopMm) - WindowGap - HeightOf(lines);

    static int HeightOf(FlowText text) => text.ConstantLines.Length * text.Type.Leading;

    static DispatchException Collision(int nameLines, int returnLines) => new(
        "job.value",
        $"job.json: $.sender.name takes {nameLines} lines at the head of the letter and $.sender.returnAddress "
        + $"{returnLines} above the window, expected so few that neither is printed over the other; shorten one of "
        + "them, or make a crest narrower, and submit again");

    /// <summary>The dot between two parts stands between them, never at a line's end or start.</summary>
    static string ReturnLines(LetterSurroundings letter, int width)
    {
        var lines = new List<string>();
        foreach (var part in letter.Setting.ReturnAddress)
        {
            var joined = lines.Count == 0 ? "" : $"{lines[^1]} \u00b7 {part}";
            if (joined.Length > 0
                && letter.Width(letter.Cells(joined, TextStyle.Regular, ReturnAddress), TypeSize.Small.Size) <= width)
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
        Add(setting.SenderName, SenderName, TextStyle.Bold);
        foreach (var line in setting.ReturnAddress.Where(line => line != setting.SenderName))
        {
            Add(line, ReturnAddress, TextStyle.Regular);
        }

        top += TypeSize.Side.Leading;
        Add(letter.LongDate(), LetterSurroundings.OwnWords, TextStyle.Regular);
        return top;

        void Add(string line, string place, TextStyle style)
        {
            var text = Constant(letter, line, place, TypeSize.Side, style, left, width);
            content.Lines(text, top);
            top += text.ConstantLines.Length * TypeSize.Side.Leading;
        }
    }

    static FlowText Constant(
        LetterSurroundings letter, string text, string place, TypeSize type, TextStyle style, int left, int width) =>
        FlowText.Create([new LetterRun.Text(text, TextStyle.Regular, place)], type, style, letter, left, width);
}
