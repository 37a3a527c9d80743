using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Receipts;

namespace Dispatch.Worker.Tests.Receipts;

/// <summary>A print house's folder is written by somebody else: whatever lies there, nothing of another one's is
/// taken.</summary>
public sealed class ReceiptFoldersTests : IDisposable
{
    const string Lines = "batch;piece_id;status;pages;sheets;at\n#end;0\n";

    readonly string _root = Directory.CreateTempSubdirectory("dispatch-receipts-").FullName;
    readonly DataFolder _data;
    readonly ReceiptFolders _folders;
    readonly List<string> _refused = [];

    public ReceiptFoldersTests()
    {
        _data = DataFolder.Open(new() { DataFolder = Path.Combine(_root, "data") });
        _folders = new(_data, TimeSpan.FromHours(1), TimeProvider.System);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void FindDue_FolderOfAllIsAway_IsToldAndComesBack()
    {
        Drop("north", "a.receipts.csv", Lines);
        Assert.Equal([], Due());
        Directory.Move(_data.Receipts, _data.Receipts + ".x");

        Assert.Equal([], Due());
        Assert.Equal(["receipts"], _refused);

        Directory.Move(_data.Receipts + ".x", _data.Receipts);
        Due();
        Assert.Equal([("north", Lines)], Due());
    }

    [Fact]
    public void FindDue_WholeFile_IsGivenOnceItStandsStill()
    {
        Drop("north", "a.receipts.csv", Lines);
        Drop("north", "half.receipts.csv", "batch;");
        Assert.Equal([], Due());

        var given = Assert.Single(_folders.FindDue(_refused.Add), due => due.PrintHouse == "north");

        Assert.Equal("a.receipts.csv", Path.GetFileName(given.Path));
        Assert.Equal([("north", Lines)], Due());   // not applied yet: it is given again
        Assert.Equal(["half.receipts.csv", "taken"], Names("north"));
        Assert.Equal([], _refused);
    }

    [Fact]
    public void FindDue_ThousandsUnfinished_DoNotKeepWholeOnesBack()
    {
        for (var i = 0; i < 20; i++)
        {
            Drop("north", $"whole-{i}.receipts.csv", Lines);
            for (var half = 0; half < 100; half++)
            {
                Drop("north", $"half-{i}-{half}.receipts.csv", "batch;");
            }
        }

        Assert.Equal([], Due());

        Assert.Equal(20, Due().Count);
    }

    // It came back as it was: for all that is known somebody is writing it.
    [Fact]
    public void FindDue_FileThatVanishedMeanwhile_IsForgotten()
    {
        Drop("north", "a.receipts.csv", Lines);
        Assert.Equal([], Due());
        var file = Path.Combine(_data.Receipts, "north", "a.receipts.csv");
        File.Move(file, file + ".away");
        Assert.Equal([], Due());
        File.Move(file + ".away", file);

        Assert.Equal([], Due());
        Assert.Equal([("north", Lines)], Due());
    }

    [Theory]
    [InlineData("receipts/south/taken")]
    [InlineData("receipts/south")]
    [InlineData("nowhere")]
    public void FindDue_LinkInThePlaceOfTaken_TakesNothing(string target)
    {
        Drop("south/taken", "kept.receipts.csv", Lines);
        Drop("north", "a.receipts.csv", Lines);
        Directory.CreateSymbolicLink(
            Path.Combine(_data.Receipts, "north", "taken"), Path.Combine(_data.Root, target));

        Due();
        Assert.Equal([("south", Lines)], Due());

        Assert.Equal(["north", "north"], _refused);
        Assert.Equal(["a.receipts.csv", "taken"], Names("north"));
        Assert.Equal(["taken"], Names("south"));
        Assert.Equal(["kept.receipts.csv"], Names("south/taken"));
    }

    // Laid while the files are being applied: they are still those of the folder that was opened.
    [Fact]
    public void FindDue_LinkLaidMeanwhile_LeadsNowhere()
    {
        Drop("south/taken", "a.receipts.csv", "another's");
        Drop("north/taken", "a.receipts.csv", Lines);
        var given = _folders.FindDue(_refused.Add).GetEnumerator();
        Assert.True(given.MoveNext());

        var taken = Path.Combine(_data.Receipts, "north", "taken");
        Directory.Move(taken, taken + ".old");
        Directory.CreateSymbolicLink(taken, Path.Combine(_data.Receipts, "south", "taken"));

        Assert.Equal(Lines, File.ReadAllText(given.Current.Path));
        given.Dispose();
    }

    List<(string, string)> Due() =>
        [.. _folders.FindDue(_refused.Add).Select(due => (due.PrintHouse, File.ReadAllText(due.Path)))];

    void Drop(string folder, string name, string text) => File.WriteAllText(
        Path.Combine(Directory.CreateDirectory(Path.Combine(_data.Receipts, folder)).FullName, name), text);

    IEnumerable<string> Names(string folder) => Directory
        .GetFileSystemEntries(Path.Combine(_data.Receipts, folder))
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
