using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Tests.Diagnostics;

public sealed class DataFolderTests : IDisposable
{
    readonly string _above = TestServer.NewFolder("folders");

    public void Dispose() => Directory.Delete(_above, recursive: true);

    [Fact]
    public void Open_NewFolder_IsPassableAndTheRestClosed()
    {
        var folder = Open("new/data");

        Assert.Equal("711", Mode(folder.Root));
        Assert.Equal("711", Mode(Path.Combine(_above, "new")));
        Assert.All(
            new[] { folder.Spool, folder.Reports, folder.Keys, folder.Inbox, folder.Logs },
            path => Assert.Equal("700", Mode(path)));
        Assert.Equal("2750", Mode(folder.Outbox));
        Assert.Equal("2750", Mode(folder.PrintHouse("default")));
    }

    [Fact]
    public void Open_Again_LeavesWhatIsThere()
    {
        var folder = Open("data");
        File.WriteAllText(Path.Combine(folder.Spool, "kept"), "");

        Open("data");

        Assert.True(File.Exists(Path.Combine(folder.Spool, "kept")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("default")]
    public void Open_OutboxGone_IsNotMadeAgain(string name)
    {
        var gone = Path.Combine(Open("data").Outbox, name);
        Directory.Delete(gone, recursive: true);

        Open("data");

        Assert.False(Directory.Exists(gone));
    }

    [Fact]
    public void Open_OutboxClosedByItsOwner_StaysClosed()
    {
        var house = Open("data").PrintHouse("default");
        File.SetUnixFileMode(house, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Open("data");

        Assert.Equal("500", Mode(house));
    }

    [RootFact]
    public void Open_OutboxGroupOfTheSettings_IsSetOnOurFoldersOnly()
    {
        const uint Stranger = 65_534;
        var folder = Open("data");
        var house = folder.PrintHouse("default");
        Assert.Equal(0, Libc.Chown(house, Stranger, Stranger));
        var settings = new DispatchSettings { DataFolder = folder.Root, Printing = new() { OutboxGroup = "daemon" } };

        DataFolder.Open(settings);

        Assert.Equal((Stranger, Stranger), Libc.OwnerOf(house));
        Assert.Equal((0u, Libc.FindGroup("daemon")!.Value), Libc.OwnerOf(folder.Outbox));
        Assert.Equal("2750", Mode(folder.Outbox));
    }

    [Fact]
    public void Open_FolderWithOtherThings_KeepsItsMode()
    {
        File.WriteAllText(Path.Combine(_above, "somebody-elses"), "");
        File.SetUnixFileMode(_above, (UnixFileMode)0b111_101_101);

        Open("");

        Assert.Equal("755", Mode(_above));
    }

    [Fact]
    public void ShareFile_FinishedFile_IsReadableByTheGroup()
    {
        var folder = Open("data");
        var path = Path.Combine(folder.Spool, "batch.pdf");
        File.WriteAllText(path, "");

        folder.ShareFile(path);

        Assert.Equal("640", Mode(path));
    }

    [Fact]
    public void Open_UnknownGroup_IsRefused()
    {
        var fault = Assert.Throws<DispatchException>(() => DataFolder.Open(new DispatchSettings
        {
            DataFolder = _above,
            Printing = new PrintingSettings { OutboxGroup = "no-such-group" },
        }));

        Assert.Equal("settings.outbox_group", fault.Code);
    }

    [Fact]
    public void Open_FileOnTheWay_IsRefused()
    {
        File.WriteAllText(Path.Combine(_above, "file"), "");

        Assert.Equal("settings.data_folder", Assert.Throws<DispatchException>(() => Open("file")).Code);
        Assert.Equal("settings.data_folder", Assert.Throws<DispatchException>(() => Open("file/below")).Code);
        Assert.Equal("settings.data_folder", Assert.Throws<DispatchException>(() => Open("/proc/data")).Code);
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a$b")]
    [InlineData("a`b`")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public void Open_PathTheServersStarterWouldMisread_IsRefusedUnlessTheServerIsElsewhere(string name)
    {
        Assert.Equal("settings.data_folder", Assert.Throws<DispatchException>(() => Open(name)).Code);
        Assert.False(Directory.Exists(Path.Combine(_above, name)));

        DataFolder.Open(new DispatchSettings
        {
            DataFolder = Path.Combine(_above, name),
            Database = new DatabaseSettings { ConnectionString = "Host=elsewhere" },
        });
        Assert.True(Directory.Exists(Path.Combine(_above, name)));
    }

    static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    DataFolder Open(string name) =>
        DataFolder.Open(new DispatchSettings { DataFolder = Path.Combine(_above, name).TrimEnd('/') });
}
