using System.Globalization;
using System.Text.RegularExpressions;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Layout;

/// <summary>The letterhead within everything job.json may say.</summary>
public sealed partial class PageHeadTests
{
    const double PointsPerMm = 72 / 25.4;
    static readonly int[] NameChars = [15, 64, 65, 80, 130];
    static readonly int[] LineChars = [10, 40, 80];

    [Theory]
    [InlineData(65, 5, 40)]
    [InlineData(80, 5, 80)]
    [InlineData(130, 3, 80)]
    public void Create_SenderAndReturnAddressInEachOthersWay_IsRefused(int nameChars, int lines, int lineChars)
    {
        var setting = Setting(nameChars, lines, lineChars);

        var fault = Assert.Throws<DispatchException>(
            () => LetterLayout.Create(Some.Template("![x](crest.png)\n\ntext"), setting, Some.Fonts));

        Assert.Equal(("job.value", ExitCode.Refused), (fault.Code, fault.Exit));
        Assert.StartsWith("job.json: $.sender.name takes ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("$.sender.returnAddress", fault.Message, StringComparison.Ordinal);
        Assert.Contains(", expected ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateAccepted_JobFromBeforeTheRule_IsLaidOut() =>
        Assert.NotNull(LetterLayout.CreateAccepted(Some.Template("text"), Setting(130, 5, 80), Some.Fonts));

    /// <summary>Whatever is taken stands in the margins, and no line of it on another.</summary>
    [ToolFact("pdftotext")]
    public void Create_EveryLetterheadThatIsTaken_KeepsItsLinesApart()
    {
        var taken = 0;
        foreach (var (chars, lines, lineChars) in
            from name in NameChars
            from count in Enumerable.Range(1, 5)
            from line in LineChars
            select (name, count, line))
        {
            LetterLayout layout;
            try
            {
                layout = LetterLayout.Create(
                    Some.Template("![x](crest.png)\n\ntext"), Setting(chars, lines, lineChars), Some.Fonts);
            }
            catch (DispatchException fault) when (fault.Code == "job.value")
            {
                continue;
            }

            taken++;
            AssertApart(Some.File(layout, Some.Values([])));
        }

        Assert.InRange(taken, 20, 70);
    }

    static void AssertApart(byte[] file)
    {
        var boxes = Tool.Boxes(file);
        var words = Word().Matches(boxes).Select(match => (
            Top: Number(match, "top"), Bottom: Number(match, "bottom"), Text: match.Groups["text"].Value)).ToList();
        var name = words.TakeWhile(word => word.Text[0] == 'S').ToList();
        var above = words.Where(word => word.Text[0] == 'R' && word.Bottom < 44 * PointsPerMm).ToList();
        Assert.NotEmpty(name);
        Assert.NotEmpty(above);
        Assert.All(words, word => Assert.True(word.Top >= 15 * PointsPerMm, "a line stands in the margin"));

        // A font's box reaches above and below its letters, by some two points here.
        Assert.True(name.Where(word => word.Top < 44 * PointsPerMm).Max(word => word.Bottom)
            <= above.Min(word => word.Top) + 3, "the return address stands on the sender's name");
    }

    static LetterSetting Setting(int nameChars, int lines, int lineChars) => Some.Setting() with
    {
        SenderName = new string('S', nameChars),
        ReturnAddress = [.. Enumerable.Repeat(new string('R', lineChars), lines)],
    };

    static double Number(Match match, string name) =>
        double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("<word xMin=\"[0-9.]+\" yMin=\"(?<top>[-0-9.]+)\" xMax=\"[0-9.]+\" "
        + "yMax=\"(?<bottom>[-0-9.]+)\">(?<text>[^<]+)<")]
    private static partial Regex Word();
}
