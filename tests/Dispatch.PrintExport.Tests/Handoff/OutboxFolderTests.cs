using Dispatch.PrintExport.Handoff;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Handoff;

public sealed class OutboxFolderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("/dev/shm")]
    public void Take_WholeBatch_OutboxHoldsTheThreeFilesAndStagingNone(string? stagingRoot)
    {
        using var folders = new Folders(stagingRoot);
        folders.Stage();
        var outbox = OutboxFolder.Open(folders.Staging, folders.Outbox);

        Assert.Equal(HandoffStep.Record, Folders.Move(outbox));

        Assert.Equal(Folders.Files.All.Order(), Names(folders.Outbox));
        Assert.Empty(Names(folders.Staging));
        Assert.Equal("the pdf", File.ReadAllText(Path.Combine(folders.Outbox, Folders.Files.Pdf)));
        Assert.All(Directory.EnumerateFiles(folders.Outbox), file => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Open_NoFolder_DoesNotMakeOne()
    {
        using var folders = new Folders();
        Directory.Delete(folders.Outbox);

        Assert.Throws<IOException>(() => OutboxFolder.Open(folders.Staging, folders.Outbox));

        Assert.False(Directory.Exists(folders.Outbox));
    }

    [RootFact]
    public void Take_FolderOfAnotherGroup_FilesGetThatGroup()
    {
        const uint Group = 4711;
        using var folders = new Folders();
        folders.Stage();
        PosixFiles.SetGroup(folders.Outbox, Group);

        Folders.Move(OutboxFolder.Open(folders.Staging, folders.Outbox));

        Assert.All(Directory.EnumerateFiles(folders.Outbox), file => Assert.Equal(Group, PosixFiles.GroupOf(file)));
    }

    [Fact]
    public void Look_StagedFileWasChanged_IsNotStaged()
    {
        using var folders = new Folders();
        folders.Stage();
        File.WriteAllText(Path.Combine(folders.Staging, Folders.Files.Pdf), "THE PDF");

        Assert.Equal(
            HandoffStep.Compose,
            Folders.Move(OutboxFolder.Open(folders.Staging, folders.Outbox), BatchProgress.Composed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("THE TICKET")]
    public void Look_HandoffBegunAndStagedFilesLostBytes_IsComposedAgainAndNotTakenForHandedOff(string left)
    {
        using var folders = new Folders();
        folders.Stage();
        foreach (var name in Folders.Files.All)
        {
            File.WriteAllText(Path.Combine(folders.Staging, name), left);
        }

        Assert.Equal(HandoffStep.Compose, Folders.Move(OutboxFolder.Open(folders.Staging, folders.Outbox)));
        Assert.Empty(Names(folders.Outbox));
    }

    [Fact]
    public void Look_TicketInTheOutboxLostBytesBeforeItsName_IsComposedAgain()
    {
        using var folders = new Folders();
        File.WriteAllText(Path.Combine(folders.Outbox, Folders.Files.Ticket + OutboxFolder.PartSuffix), "THE TICKET");

        Assert.Equal(HandoffStep.Compose, Folders.Move(OutboxFolder.Open(folders.Staging, folders.Outbox)));
    }

    [Fact]
    public void Take_SameFileInTheOutbox_CountsAsPlaced()
    {
        using var folders = new Folders();
        folders.Stage();
        var outbox = OutboxFolder.Open(folders.Staging, folders.Outbox);
        File.WriteAllText(Path.Combine(folders.Outbox, Folders.Files.Pdf), "the pdf");

        Assert.Equal(HandoffStep.Record, Folders.Move(outbox));
        Assert.Empty(Names(folders.Staging));
    }

    [Theory]
    [InlineData("another pdf")]
    [InlineData("THE PDF")]
    public void Take_OtherFileInTheOutbox_IsAConflictAndLeftAlone(string content)
    {
        using var folders = new Folders();
        folders.Stage();
        var outbox = OutboxFolder.Open(folders.Staging, folders.Outbox);
        var foreign = Path.Combine(folders.Outbox, Folders.Files.Pdf);
        File.WriteAllText(foreign, content);

        Assert.Equal(HandoffStep.Conflict, Folders.Move(outbox));

        var fault = outbox.Conflict(
            Folders.Files, outbox.Look(BatchProgress.HandoffStarted, Folders.Files, Folders.Digests, isFresh: false));
        Assert.Equal(("handoff.conflict", ExitCode.Failed), (fault.Code, fault.Exit));
        Assert.Contains(foreign, fault.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(foreign));
        Assert.Equal(3, Names(folders.Staging).Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/dev/shm")]
    public void Take_FileAppearsAfterTheLook_IsNotOverwritten(string? stagingRoot)
    {
        using var folders = new Folders(stagingRoot);
        folders.Stage();
        var outbox = OutboxFolder.Open(folders.Staging, folders.Outbox);
        var facts = outbox.Look(BatchProgress.HandoffStarted, Folders.Files, Folders.Digests, isFresh: true);
        var foreign = Path.Combine(folders.Outbox, Folders.Files.Pdf);
        File.WriteAllText(foreign, "another");

        var fault = Assert.Throws<DispatchException>(() => outbox.Take(HandoffStep.PlacePdf, Folders.Files, facts));

        Assert.Equal("handoff.conflict", fault.Code);
        Assert.Equal("another", File.ReadAllText(foreign));
        Assert.True(File.Exists(Path.Combine(folders.Staging, Folders.Files.Pdf)));
    }

    [Fact]
    public void RemoveLeftovers_PartsInBothFolders_OnlyTheBatchesFilesStay()
    {
        using var folders = new Folders();
        folders.Stage();
        var outbox = OutboxFolder.Open(folders.Staging, folders.Outbox);
        Folders.Move(outbox);
        File.WriteAllText(Path.Combine(folders.Staging, Folders.Files.Pdf + ".part"), "half");
        File.WriteAllText(Path.Combine(folders.Outbox, Folders.Files.Ticket + ".part.part"), "half");

        outbox.RemoveLeftovers(Folders.Files);

        Assert.Equal(Folders.Files.All.Order(), Names(folders.Outbox));
        Assert.Empty(Names(folders.Staging));
    }

    [RootFact]
    public void Take_OutboxIsReadOnly_IsConfigurationWithThePath()
    {
        using var disk = new SmallDisk();
        using var folders = new Folders();
        folders.Stage();
        var outbox = OutboxFolder.Open(folders.Staging, disk.Path);
        disk.MakeReadOnly();
        var facts = outbox.Look(BatchProgress.HandoffStarted, Folders.Files, Folders.Digests, isFresh: true);

        var fault = Record.Exception(() => outbox.Take(HandoffStep.PlacePdf, Folders.Files, facts));

        var told = FileFault.From(fault!, disk.Path, "outbox.not_writable");
        Assert.Equal(("outbox.not_writable", ExitCode.Configuration), (told?.Code, told?.Exit));
        Assert.True(File.Exists(Path.Combine(folders.Staging, Folders.Files.Pdf)));
    }

    static IEnumerable<string?> Names(string folder) =>
        Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order();
}
