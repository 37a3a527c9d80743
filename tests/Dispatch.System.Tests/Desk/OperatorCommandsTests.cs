using System.Globalization;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>Commands that only look, and commands that are wrong.</summary>
[Collection(DeskCollection.Name)]
public sealed class OperatorCommandsTests(DeskFixture desk)
{
    [Fact]
    public async Task Letter_MachineHasOtherFontsByNow_IsTheSameFile()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await job.RunAsync()).Expect(0);
        var before = await LetterAsync(job);
        var settings = Path.Combine(desk.Site.Data, "dispatch.json");
        await File.WriteAllTextAsync(settings, """
            {"Printing": {"Fonts": {
              "Regular": "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf", "Kerning": false}}}
            """);
        try
        {
            var after = await LetterAsync(job);
            Assert.Equal(before, after);
        }
        finally
        {
            File.Delete(settings);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Letter_OfDigitalAndPaperRow_ShowsTheRowsOwnValues(int row)
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr]);
        (await job.RunAsync()).Expect(0);
        var file = Path.Combine(desk.Site.Folder, $"{job.Order.Reference}-{row}.pdf");

        string[] command = ["letter", job.Key, "--row", $"{row}", "--out", file, "--reason", "a complaint"];
        (await desk.Site.RunAsync(command)).Expect(0);

        var text = PdfText.Flow(await PdfText.PagesAsync(file));
        Assert.Contains(DeskJob.Marker(row), text, StringComparison.Ordinal);
        Assert.DoesNotContain(DeskJob.Marker(3 - row), text, StringComparison.Ordinal);
        Assert.Contains("234,50", text, StringComparison.Ordinal);
        Assert.Contains("9. marts 2026", text, StringComparison.Ordinal);
        Assert.Contains("09-03-2026", text, StringComparison.Ordinal);
        Assert.Contains(job.Order.Title, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letter_WithoutReason_IsWrongUsage()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await job.RunAsync()).Expect(0);
        var file = Path.Combine(desk.Site.Folder, "never.pdf");

        (await desk.Site.RunAsync("letter", job.Key, "--row", "1", "--out", file)).Expect(2);

        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("nowhere/letter.pdf")]
    [InlineData("")]
    [InlineData("folder/")]
    public async Task Letter_NowhereToWrite_IsWrongUsage(string name)
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await job.RunAsync()).Expect(0);
        var file = Path.Combine(desk.Site.Folder, name);

        (await desk.Site.RunAsync("letter", job.Key, "--row", "1", "--out", file, "--reason", "a complaint"))
            .ExpectError(2, "letter.out");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status JOB")]
    [InlineData("report JOB")]
    [InlineData("explain JOB --row 1")]
    [InlineData("explain JOB --row 2")]
    [InlineData("held list JOB")]
    [InlineData("audit")]
    [InlineData("audit JOB")]
    [InlineData("doctor")]
    [InlineData("plan FOLDER")]
    [InlineData("submit FOLDER")]
    [InlineData("run FOLDER")]
    [InlineData("migrate")]
    public async Task Command_WithJson_PrintsOneDocument(string command)
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.WithoutAddress.Cpr]);
        (await job.RunAsync()).Expect(3);
        var arguments = command.Replace("JOB", job.Key, StringComparison.Ordinal)
            .Replace("FOLDER", job.Folder, StringComparison.Ordinal).Split(' ');

        var result = await desk.Site.RunAsync([.. arguments, "--json"]);

        result.Expect(0, 3);
        Assert.NotEmpty(result.Json.GetRawText());
    }

    [Fact]
    public async Task Status_JobByIdAndByReference_IsTheSameJob()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await job.RunAsync()).Expect(0);
        var id = await desk.Site.JobIdAsync(job.Key);

        var byKey = (await desk.Site.RunAsync("status", job.Key)).Expect(0);
        var byId = (await desk.Site.RunAsync("status", $"{id}")).Expect(0);

        Assert.Equal(byKey.Output, byId.Output);
        Assert.Contains("completed", byId.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status 99999")]
    [InlineData("report 19552101/nobody")]
    [InlineData("explain 99999 --row 1")]
    [InlineData("resume 99999")]
    [InlineData("cancel 99999 --reason x")]
    [InlineData("approve 99999")]
    [InlineData("held list 99999")]
    public async Task Command_UnknownJob_IsOneErrorLine(string command)
    {
        var result = await desk.Site.RunAsync(command.Split(' '));

        result.ExpectError(result.ExitCode);
        Assert.NotInRange(result.ExitCode, 0, 1);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dance")]
    [InlineData("run")]
    [InlineData("run /tmp --fast")]
    [InlineData("explain 1")]
    [InlineData("explain 1 --row x")]
    [InlineData("cancel 1")]
    [InlineData("generate --people -5 --seed 1 --out /tmp/never")]
    [InlineData("generate --people 5 --seed 1 --out /dev/null/never")]
    public async Task Command_WrongUsage_EndsWithTwo(string command)
    {
        var result = await desk.Site.RunAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        result.Expect(2);
    }

    [Theory]
    [InlineData("status", "--data", "")]
    [InlineData("register", "import", "")]
    [InlineData("generate", "--people", "5", "--seed", "1", "--out", "")]
    public async Task Command_EmptyArgument_IsWrongUsage(params string[] command) =>
        (await desk.Site.RunAsync(command)).ExpectError(2, "usage");

    // Operators look people up by their number; typed in the wrong place it must not get into a terminal's log.
    [Theory]
    [InlineData("explain NUMBER --row 1", "job.unknown")]
    [InlineData("explain 1 --row 1 NUMBER", "usage")]
    [InlineData("explain 1 --row NUMBER", "usage")]
    [InlineData("register import /nowhere/NUMBER", "register.missing_file")]
    public async Task Command_NumberOfAPerson_IsNotRepeated(string command, string code)
    {
        foreach (var number in new[] { desk.Enrolled[0].Cpr, desk.Enrolled[0].Cpr.Insert(6, "-") })
        {
            var arguments = command.Replace("NUMBER", number, StringComparison.Ordinal).Split(' ');

            var result = await desk.Site.RunAsync(arguments);

            Assert.Equal(code, result.ErrorCode);
            Assert.DoesNotContain(number.TrimStart('0'), result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Command_LogOnAFullDisk_TellsItsOwnFault()
    {
        var site = new Site("full-log", "no connection string");
        var logs = Directory.CreateDirectory(Path.Combine(site.Data, "logs")).FullName;
        foreach (var day in Enumerable.Range(-1, 3))
        {
            var date = DateTime.Now.AddDays(day).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            File.CreateSymbolicLink(Path.Combine(logs, $"dispatch-{date}.log"), "/dev/full");
        }

        (await site.RunAsync("status")).ExpectError(78, "settings.invalid");

        await site.CloseAsync();
    }

    [Theory]
    [InlineData("run /nowhere/at/all")]
    [InlineData("plan /nowhere/at/all")]
    [InlineData("register import /nowhere/at/all")]
    public async Task Command_FolderThatIsNot_IsOneErrorLineAndSixtyFive(string command) =>
        (await desk.Site.RunAsync(command.Split(' '))).ExpectError(65);

    async Task<byte[]> LetterAsync(DeskJob job)
    {
        var file = Path.Combine(desk.Site.Folder, $"{Guid.NewGuid():N}.pdf");
        (await desk.Site.RunAsync("letter", job.Key, "--row", "1", "--out", file, "--reason", "a complaint")).Expect(0);
        return await File.ReadAllBytesAsync(file);
    }
}
