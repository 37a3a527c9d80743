using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Manifest;

namespace Dispatch.PrintExport.Tests.Handoff;

/// <summary>A staging folder and an outbox with one small batch; removed afterwards.</summary>
sealed class Folders : IDisposable
{
    public static readonly BatchFiles Files = new(
        "20260309-19552101-r-dk-economy-c5-left-duplex-mono-s8-0001-0a1b2c3d");

    public static readonly BatchDigests Digests = new(
        FileDigest.Of("the pdf"u8), FileDigest.Of("the manifest"u8), FileDigest.Of("the ticket"u8));

    readonly List<string> _folders = [];

    public Folders(string? stagingRoot = null)
    {
        Root = NewFolder(Path.GetTempPath());
        Staging = stagingRoot is null ? Directory.CreateDirectory(
            Path.Combine(Root, "staging")).FullName : NewFolder(stagingRoot);
        Outbox = Path.Combine(Root, "outbox", "default");
        Directory.CreateDirectory(Outbox);
    }

    public string Root { get; }

    public string Staging { get; }

    public string Outbox { get; }

    public void Stage()
    {
        Write(Files.Pdf, "the pdf"u8);
        Write(Files.Manifest, "the manifest"u8);
        Write(Files.Ticket, "the ticket"u8);
    }

    /// <summary>Takes steps until one is not a move of files; gives that step.</summary>
    public static HandoffStep Move(OutboxFolder folder, BatchProgress progress = BatchProgress.HandoffStarted)
    {
        var facts = folder.Look(progress, Files, Digests, isFresh: false);
        while (HandoffRule.Next(facts) is var step)
        {
            if (step is not (HandoffStep.PlacePdf or HandoffStep.PlaceManifest
                or HandoffStep.PlaceTicket or HandoffStep.PublishTicket))
            {
                return step;
            }

            facts = folder.Take(step, Files, facts);
            Assert.Equal(facts, folder.Look(progress, Files, Digests, isFresh: false));
        }

        return HandoffStep.Nothing;
    }

    public void Dispose()
    {
        foreach (var folder in _folders)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    void Write(string name, ReadOnlySpan<byte> content)
    {
        using var file = new StagedFileStream(Path.Combine(Staging, name));
        file.Write(content);
        file.Finish();
        StagedFileStream.Publish(file);
    }

    string NewFolder(string root)
    {
        var folder = Path.Combine(root, $"dispatch-handoff-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        _folders.Add(folder);
        return folder;
    }
}
