using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Dispatch.Worker.Commands.Serving;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>Whatever lies in an inbox, and whoever it is closed to: it fails alone, and the others have their
/// turn.</summary>
public sealed partial class InboxTroubleTests : IDisposable
{
    const string Cvr = "19552101";
    const string OtherCvr = "10000009";
    const uint Nobody = 65_534;
    const UnixFileMode Open = (UnixFileMode)0b111_111_111;

    readonly IntakeSite _site = new();
    readonly string _path;
    readonly Inboxes _inboxes;

    public InboxTroubleTests()
    {
        var data = DataFolder.Open(new() { DataFolder = Path.Combine(_site.Root, "data") });
        _path = data.Inbox;
        data.CreateSenderInbox(Cvr, "");
        _inboxes = new(_path, new(), default, TimeProvider.System);
    }

    [Fact]
    public void Look_NameThatIsNoUtf8InAJobFolder_IsTakenAllTheSame()
    {
        var folder = Drop("a");
        Shell(folder, "touch \"$(printf '\\377\\376')\"");

        Assert.Equal([], _inboxes.Look().Due);
        var round = _inboxes.Look();
        Assert.Equal(["a"], round.Due.Select(due => due.Name));
        Assert.Empty(round.Troubles);
    }

    [Fact]
    public void Look_FilesAndANameThatIsNoUtf8_AreCounted()
    {
        Shell(_path, "touch loose \"$(printf '\\377\\376')\"; mkdir \"$(printf 'b\\377')\"; touch .hidden");
        Assert.Equal(new("inbox", null, 3), Assert.Single(_inboxes.Look().Troubles));
    }

    [Fact]
    public void Look_InboxThatIsAway_IsToldAndComesBack()
    {
        Drop("a");
        Drop(Path.Combine(Cvr, "b"));
        Assert.Equal([], _inboxes.Look().Due);
        Directory.Move(_path, _path + ".x");

        var round = _inboxes.Look();
        Assert.Equal([], round.Due);
        Assert.Equal(["folder.gone"], round.Troubles.Select(CodeOf).Distinct());

        Directory.Move(_path + ".x", _path);
        _inboxes.Look();
        Assert.Equal(["a", "b"], _inboxes.Look().Due.Select(due => due.Name));
    }

    [RootFact]
    public void Look_ClosedInboxAndFolder_OthersHaveTheirTurn()
    {
        var closed = Drop("closed");
        File.SetUnixFileMode(closed, UnixFileMode.UserRead);
        Drop("open");
        Drop(Path.Combine(OtherCvr, "b"));
        File.SetUnixFileMode(Path.Combine(_path, OtherCvr), UnixFileMode.UserRead);
        foreach (var folder in new[] { _site.Root, Path.GetDirectoryName(_path)!, _path, Path.Combine(_path, Cvr) })
        {
            File.SetUnixFileMode(folder, Open);
        }

        var number = EntryFacts.Find(closed)!.Value.Number;
        _ = SetFileUser(Nobody);
        try
        {
            Assert.Equal([], _inboxes.Look().Due);
            var round = _inboxes.Look();
            Assert.Equal(["open"], round.Due.Select(due => due.Name));
            Assert.Equal(
                ["inbox 10000009: folder.not_readable", $"inbox, folder {number}: folder.not_readable"],
                round.Troubles.Select(trouble => $"{trouble.Place}: {CodeOf(trouble)}").Order(StringComparer.Ordinal));
        }
        finally
        {
            _ = SetFileUser(0);
        }
    }

    [Theory]
    [InlineData("x", 250)]
    [InlineData("å", 127)]
    [InlineData("𝄞", 63)]
    public void MoveRefused_LongName_IsCutToWhatFits(string letter, int letters)
    {
        var name = string.Concat(Enumerable.Repeat(letter, letters));
        for (var i = 0; i < 2; i++)
        {
            Drop(name);
            _inboxes.Look();
            Assert.Single(_inboxes.Look().Due).Inbox.MoveRefused(name, "dispatch: why");
        }

        var names = Directory.GetFileSystemEntries(Path.Combine(_path, "refused")).Select(Path.GetFileName).ToList();
        Assert.Equal(4, names.Count);
        Assert.All(
            names, moved => Assert.True(Encoding.UTF8.GetByteCount(moved!) <= 255 && !moved!.Contains('\uFFFD')));
        Assert.All(
            names.Where(moved => !moved!.EndsWith(".error.txt", StringComparison.Ordinal)),
            moved => Assert.Contains($"{moved}.error.txt", names));
    }

    [Fact]
    public void MoveRefused_CannotBeMoved_LeavesNoReasonBehind()
    {
        var inbox = new Inbox(_path, null, new(), default, TimeProvider.System);
        Assert.Throws<IOException>(() => inbox.MoveRefused("gone", "dispatch: why"));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_path, "refused")));
    }

    public void Dispose()
    {
        Shell(_path, "rm -rf -- *"); // the framework cannot remove a name that is no UTF-8
        _site.Dispose();
    }

    static string CodeOf(InboxTrouble trouble) => InboxFault.CodeOf(trouble.Fault!, null);

    static void Shell(string folder, string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = folder })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    string Drop(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_path, name)).FullName;
        foreach (var file in Directory.GetFiles(_site.Job))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    // Of this thread alone, and only where files are asked for.
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}
