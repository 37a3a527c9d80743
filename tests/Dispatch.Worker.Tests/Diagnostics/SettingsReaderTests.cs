using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Tests.Diagnostics;

public sealed class SettingsReaderTests : IDisposable
{
    readonly string _program = TestServer.NewFolder("program");
    readonly string _data = TestServer.NewFolder("data");

    public void Dispose()
    {
        Directory.Delete(_program, recursive: true);
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public void Read_Nothing_GivesDefaults()
    {
        var settings = Read();

        Assert.Equal("", settings.Database.ConnectionString);
        Assert.Equal("default", settings.Printing.PrintHouse);
        Assert.Equal(5_000, settings.Printing.BatchPiecesMax);
        Assert.Equal(_data, settings.DataFolder);
    }

    [Fact]
    public void Read_EverySource_TheLaterOneWins()
    {
        WriteProgram("""{ "Database": { "PoolSize": 5 }, "Printing": { "BatchPiecesMax": 10, "PrintHouse": "a" } }""");
        WriteData("""{ "Printing": { "BatchPiecesMax": 20, "PrintHouse": "b" }, "Limits": { "RowsMax": 7 } }""");

        var settings = Read(
            new() { ["DISPATCH_Printing__PrintHouse"] = "c", ["DISPATCH_Limits__RowsMax"] = "8" }, "Limits:RowsMax=9");

        Assert.Equal(5, settings.Database.PoolSize);
        Assert.Equal(20, settings.Printing.BatchPiecesMax);
        Assert.Equal("c", settings.Printing.PrintHouse);
        Assert.Equal(9, settings.Limits.RowsMax);
    }

    [Fact]
    public void Read_NestedListAndTime_AreBound()
    {
        WriteData("""
            {
              "Database": { "StartTimeout": "00:01:00" },
              "Printing": { "Fonts": { "Fallback": ["/a.ttf", "/b.ttf"] } }
            }
            """);

        var settings = Read();

        Assert.Equal(TimeSpan.FromMinutes(1), settings.Database.StartTimeout);
        Assert.Equal(["/a.ttf", "/b.ttf"], settings.Printing.Fonts.Fallback);
    }

    [Fact]
    public void Read_SeveralFaults_AreToldAtOnceWithTheirSource()
    {
        WriteData("""{ "Databse": { "PoolSize": 5 }, "Limits": { "RowsMax": "many" } }""");

        var fault = Assert.Throws<DispatchException>(
            () => Read(new() { ["DISPATCH_Printing__Speed"] = "9" }, "nothing"));

        Assert.Equal(("settings.invalid", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.Contains($"unknown setting 'Databse' in {_data}/dispatch.json", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'Limits:RowsMax'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("environment variable DISPATCH_Printing__Speed", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--set", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("Printing:BatchPiecesMax=0", "Printing:BatchPiecesMax")]
    [InlineData("Printing:BatchPiecesMax=99999999999", "Printing:BatchPiecesMax")]
    [InlineData("Printing:PrintHouse=../x", "Printing:PrintHouse")]
    [InlineData("Printing:PrintHouses:north:Share=-1", "Printing:PrintHouses:north:Share")]
    [InlineData("Printing:PrintHouses:north:Sahre=1", "Printing:PrintHouses:north:Sahre")]
    [InlineData("Printing:PrintHouses:north:CutOff=24:00", "Printing:PrintHouses:north:CutOff")]
    [InlineData("Printing:PrintHouses:north:Downtime=22-04", "Printing:PrintHouses:north:Downtime")]
    [InlineData("Printing:PrintHouses:north:Zones:0=dk", "Printing:PrintHouses:north:Zones")]
    [InlineData("Printing:PrintHouses:north:Sftp:Port=0", "Printing:PrintHouses:north:Sftp:Port")]
    [InlineData("Printing:PrintHouses:North=1", "Printing:PrintHouses")]
    [InlineData("Printing:PrintHouses=north", "Printing:PrintHouses")]
    [InlineData("Logging:Level=Loud", "Logging:Level")]
    [InlineData("Database:StartTimeout=00:00:00", "Database:StartTimeout")]
    [InlineData("Database=x", "Database")]
    [InlineData("DataFolder=/tmp", "DataFolder")]
    public void Read_ValueOutOfRange_IsRefused(string assignment, string named)
    {
        var fault = Assert.Throws<DispatchException>(() => Read([], assignment));

        Assert.Contains($"'{named}'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("(?!", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database:ConnectionString=Host=db;Password=hunter2")]
    [InlineData("database:connectionstring=Host=db;PWD = hunter2")]
    public void Read_PasswordOnTheCommandLine_IsRefusedWithoutSayingIt(string assignment)
    {
        var fault = Assert.Throws<DispatchException>(() => Read([], assignment));

        Assert.Contains("holds a password", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
        Assert.Equal("Host=db", Read([], "Database:ConnectionString=Host=db").Database.ConnectionString);
    }

    [Theory]
    [InlineData("Printing:PrintHouses:north:CutOff=25:00", "must be a time of day from 00:00 to 23:59, or empty")]
    [InlineData("Printing:PrintHouse=-x", "must be 1 to 64 lower-case letters, digits and hyphens, no hyphen first")]
    [InlineData("Printing:Sftp:KeyFile=a b", "must be a path of plain letters, digits, '/', '.', '_' and '-'")]
    [InlineData("Worker:NightlyAt=02:30", "must be a time of day such as 01:30, not between 02:00 and 02:59")]
    public void Read_ValueOfAnotherForm_IsToldInWordsWhatIsExpected(string assignment, string expected)
    {
        var fault = Assert.Throws<DispatchException>(() => Read([], assignment));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Limits": { "RowsMax": 1, "rowsmax": 2 } }""", "twice")]
    [InlineData("""{ "Limits": { "RowsMax": 1 }, "Limits": { "ColumnsMax": 2 } }""", "twice")]
    [InlineData("""{ "Limits": """, "not a JSON object")]
    [InlineData("[1]", "not a JSON object")]
    public void Read_DoubledKeyOrBrokenFile_IsRefused(string json, string expected)
    {
        WriteData(json);

        var fault = Assert.Throws<DispatchException>(() => Read());

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("dispatch.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralPrintHouses_AreMergedByNameFromAllSources()
    {
        WriteData("""
            { "Printing": { "PrintHouses": {
                "north": { "Zones": ["DK", "EU"], "Share": 2, "Sftp": { "Host": "files.example" }, "CutOff": "16:30" },
                "far-away": { "Zones": ["WORLD"] } } } }
            """);

        var printing = Read(
            new() { ["DISPATCH_Printing__PrintHouses__north__Share"] = "3" },
            "Printing:PrintHouses:third:PiecesMax=7").Printing;
        var north = printing.House("north");

        Assert.Equal(["far-away", "north", "third"], printing.PrintHouses.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((3, "files.example", "16:30"), (north.Share, north.Sftp.Host, north.CutOff));
        Assert.Equal(["DK", "EU"], north.Zones);
        Assert.Equal(7, printing.House("third").PiecesMax);
        Assert.Equal(printing.BatchPiecesMax, printing.House("default").PiecesMax);
    }

    [Fact]
    public void Read_DoubledAssignment_IsRefused() =>
        Assert.Throws<DispatchException>(() => Read([], "Limits:RowsMax=1", "limits:rowsmax=2"));

    [Fact]
    public void Read_EnvironmentWithoutSection_IsNoSetting() =>
        Assert.Equal("default", Read(new() { ["DISPATCH_DATA"] = "/x", ["DISPATCH_PORT"] = "1" }).Printing.PrintHouse);

    [Fact]
    public void Read_SecretInBrokenFile_IsNotInTheMessage()
    {
        WriteData("""{ "Database": { "ConnectionString": "Password=hush" x""");

        Assert.DoesNotContain("hush", Assert.Throws<DispatchException>(() => Read()).Message, StringComparison.Ordinal);
    }

    DispatchSettings Read(Dictionary<string, string>? environment = null, params string[] assignments) =>
        SettingsReader.Read(_program, _data, environment ?? [], assignments);

    void WriteProgram(string json) => File.WriteAllText(Path.Combine(_program, "appsettings.json"), json);

    void WriteData(string json) => File.WriteAllText(Path.Combine(_data, "dispatch.json"), json);
}
