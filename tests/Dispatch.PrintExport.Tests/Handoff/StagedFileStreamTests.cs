using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Handoff;

public sealed class StagedFileStreamTests
{
    [Fact]
    public void Finish_WholeFile_TellsSizeAndHashOfWhatLiesThere()
    {
        using var folders = new Folders();
        var path = Path.Combine(folders.Staging, "file");
        using var file = new StagedFileStream(path);
        file.Write("some "u8);
        file.Write("bytes"u8);

        var digest = file.Finish();
        StagedFileStream.Publish(file);

        Assert.Equal(FileDigest.OfFile(path), digest);
        Assert.Equal(FileDigest.Of("some bytes"u8), digest);
    }

    [Fact]
    public void Dispose_NotPublished_LeavesTheOldFileAndNoPart()
    {
        using var folders = new Folders();
        var path = Path.Combine(folders.Staging, "file");
        File.WriteAllText(path, "old");
        using (var file = new StagedFileStream(path))
        {
            file.Write("half"u8);
            file.Finish();
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFiles(folders.Staging));
    }

    [RootFact]
    public void Write_DiskIsFull_PassesAndLeavesNothing()
    {
        using var disk = new SmallDisk();
        var path = Path.Combine(disk.Path, "file");

        var fault = Record.Exception(() =>
        {
            using var file = new StagedFileStream(path);
            file.Write(new byte[128 * 1024]);
            file.Finish();
        });

        var told = FileFault.From(fault!, path, "spool.not_writable");
        Assert.Equal(("disk.full", ExitCode.TryAgain), (told?.Code, told?.Exit));
        Assert.Contains(path, told!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(disk.Path));
    }
}
