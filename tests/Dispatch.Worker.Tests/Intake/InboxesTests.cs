using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>
/// A sender's own inbox is written by somebody else: whatever lies there, nothing outside it is touched.
/// </summary>
public sealed class InboxesTests : IDisposable
{
    const string Cvr = "19552101";
    const string Date = "20260301";   // no CVR number: a job's name

    readonly IntakeSite _site = new();
    readonly string _path;
    readonly Inboxes _inboxes;

    public InboxesTests()
    {
        var data = DataFolder.Open(new() { DataFolder = Path.Combine(_site.Root, "data") });
        _path = data.Inbox;
        data.CreateSenderInbox(Cvr, "");
        _inboxes = new(_path, new(), default, TimeProvider.System);
    }

    string Own => Path.Combine(_path, Cvr);

    [Fact]
    public void Look_SeveralInboxes_GivesOneOfEachInTurn()
    {
        Drop("a");
        Drop(Date);
        foreach (var name in new[] { "b", "c" })
        {
            Drop(Path.Combine(Cvr, name));
        }

        Assert.Equal([], Due());
        Assert.Equal([$"/{Date}", $"{Cvr}/b", "/a", $"{Cvr}/c"], Due());
    }

    [Fact]
    public void Look_JobJsonInASendersInboxItself_IsNoJob()
    {
        Drop(Cvr);
        Due();
        Assert.Equal([], Due());
    }

    [Fact]
    public void Look_LinkNamedLikeASender_IsToBeRefused()
    {
        Directory.CreateSymbolicLink(Path.Combine(_path, "10000009"), _site.Job);
        Due();
        Assert.Equal(["/10000009"], Due());
    }

    [Fact]
    public void RemoveAcceptedLists_OfFoldersMovedNowAndBefore_LeavesTheRest()
    {
        var accepted = Path.Combine(Own, "accepted");
        Take("before").MoveAccepted("before");
        var next = new Inboxes(_path, new(), default, TimeProvider.System);
        next.Look();
        Assert.Contains("recipients.csv", Names(Path.Combine(accepted, "before")));
        Directory.CreateSymbolicLink(Path.Combine(accepted, "link"), _site.Job);
        Directory.CreateDirectory(Path.Combine(accepted, "no-job"));

        Assert.True(next.All.Single(inbox => inbox.Sender == Cvr).RemoveAcceptedLists());

        Assert.Equal(["job.json", "letter.md"], Names(Path.Combine(accepted, "before")));
        Assert.Contains("recipients.csv", Names(_site.Job));
        var inbox = Take("now");
        Assert.True(inbox.RemoveAcceptedLists());
        inbox.MoveAccepted("now");
        Assert.True(inbox.RemoveAcceptedLists());
        Assert.Equal(["job.json", "letter.md"], Names(Path.Combine(accepted, "now")));
    }

    /// <summary>Deleted by somebody who may not: it is tried until it works.</summary>
    [Fact]
    public void RemoveAcceptedLists_ThatCannotBeRemoved_AreTriedAgain()
    {
        var inbox = Take("b");
        inbox.MoveAccepted("b");
        var list = Path.Combine(Own, "accepted", "b", "recipients.csv");
        File.Delete(list);
        Directory.CreateDirectory(list);   // not even root removes it as a file

        Assert.False(inbox.RemoveAcceptedLists());
        Directory.Delete(list);
        File.WriteAllText(list, "recipient\n");

        Assert.True(inbox.RemoveAcceptedLists());
        Assert.False(File.Exists(list));
    }

    [Fact]
    public void MoveRefused_InASendersInbox_IsThereForItsGroup()
    {
        var inbox = Take("b");
        inbox.MoveRefused("b", "dispatch: why");
        Take("b").MoveRefused("b", "dispatch: again");

        var refused = Path.Combine(Own, "refused");
        Assert.Equal(["b", "b.2", "b.2.error.txt", "b.error.txt"], Names(refused));
        Assert.Equal("dispatch: why\n", File.ReadAllText(Path.Combine(refused, "b.error.txt")));
        Assert.Equal(
            UnixFileMode.SetGroup | UnixFileMode.StickyBit | (UnixFileMode)0b111_111_000, File.GetUnixFileMode(Own));
        Assert.Equal(UnixFileMode.SetGroup | (UnixFileMode)0b111_101_000, File.GetUnixFileMode(refused));
        Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(Path.Combine(refused, "b.error.txt")));
        Assert.Equal([], Names(_path).Except([Cvr]));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("refused/b.error.txt")]
    public void MoveRefused_LinkInTheWay_WritesNothingBehindIt(string link)
    {
        var outside = Directory.CreateDirectory(Path.Combine(_site.Root, "outside")).FullName;
        var isFolder = link == "refused";
        Directory.CreateDirectory(isFolder ? Own : Path.Combine(Own, "refused"));
        File.CreateSymbolicLink(Path.Combine(Own, link), isFolder ? outside : Path.Combine(outside, "planted"));

        var fault = Record.Exception(() => Take("b").MoveRefused("b", "dispatch: why"));

        Assert.Equal([], Names(outside));
        Assert.Equal(isFolder, fault is IOException);
        Assert.Equal(isFolder, Directory.Exists(Path.Combine(Own, "b")));
    }

    // Else an approver could lay a link to a colleague's file and approve what is his own.
    [RootFact]
    public void FindSubmitter_LinkToAFileOfAnother_IsNotOfThem()
    {
        const uint Stranger = 65_534;
        var inbox = Take("b");
        var order = Path.Combine(Own, "b", "job.json");
        Assert.Equal(0, Libc.Chown(order, Stranger, Stranger));
        Assert.Equal(Libc.LoginOf(Stranger), inbox.FindSubmitter("b"));

        var theirs = Path.Combine(_site.Root, "theirs.json");
        File.Move(order, theirs);
        File.CreateSymbolicLink(order, theirs);
        Assert.Null(inbox.FindSubmitter("b"));

        Directory.Move(Path.Combine(Own, "b"), Path.Combine(_site.Root, "b"));
        File.Delete(Path.Combine(_site.Root, "b", "job.json"));
        File.Move(theirs, Path.Combine(_site.Root, "b", "job.json"));
        Directory.CreateSymbolicLink(Path.Combine(Own, "b"), Path.Combine(_site.Root, "b"));
        Assert.Null(inbox.FindSubmitter("b"));
    }

    public void Dispose() => _site.Dispose();

    Inbox Take(string name)
    {
        Drop(Path.Combine(Cvr, name));
        Due();
        return _inboxes.Look().Due.Single(due => due.Name == name).Inbox;
    }

    void Drop(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_path, name)).FullName;
        foreach (var file in Directory.GetFiles(_site.Job))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    List<string> Due() => [.. _inboxes.Look().Due.Select(due => $"{due.Inbox.Sender}/{due.Name}")];

    static IEnumerable<string> Names(string folder) => Directory.GetFileSystemEntries(folder)
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
