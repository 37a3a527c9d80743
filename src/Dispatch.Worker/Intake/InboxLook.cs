using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Intake;

/// <summary>What a job folder in the inbox looks like at a moment. Nothing in it is opened, and no link is
/// followed.</summary>
/// <param name="Print">Names, sizes and times of all that is in it: the same in two looks, nobody wrote between
/// them.</param>
/// <param name="NewestNs">When a file of it was written last, nanoseconds since 1970.</param>
/// <param name="IsPutByRename">The last that befell it was its own name or mode, after everything in it: it was
/// finished elsewhere.</param>
sealed record InboxLook(string Print, long NewestNs, bool IsPutByRename)
{
    /// <summary>A folder with more in it than any job has is not looked through.</summary>
    const int EntriesMax = 10_000;

    static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        RecurseSubdirectories = true,
        MaxRecursionDepth = 1,
    };

    /// <exception cref="IOException">It is gone, or cannot be looked at.</exception>
    /// <exception cref="DispatchException"><c>folder.not_readable</c>.</exception>
    public static InboxLook Take(string path)
    {
        DemandReadable(path);
        var print = new StringBuilder();
        var (newest, lastChange) = (0L, 0L);
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", Everything)
            .Take(EntriesMax).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            // None of what went away since it was listed, nor of a name that is no UTF-8: no job can name that.
            var facts = EntryFacts.Find(entry.FullName);
            print.Append(CultureInfo.InvariantCulture, $"{entry.FullName}\0{facts?.Bytes}\0{facts?.ModifiedNs}\n");
            newest = Math.Max(newest, facts?.ModifiedNs ?? 0);
            lastChange = Math.Max(lastChange, facts?.ChangedNs ?? 0);
        }

        var isPut = EntryFacts.Find(path) is { } folder && folder.ChangedNs > Math.Max(folder.ModifiedNs, lastChange);
        return new(print.ToString(), newest, isPut);
    }

    // Listing it passes over what may not be read.
    static void DemandReadable(string path)
    {
        using var folder = FileCalls.OpenFolder(path, followsLink: false);
        if (folder is null && EntryFacts.Find(path) is not null)
        {
            throw new DispatchException(
                "folder.not_readable",
                "the folder may not be read by the user running dispatch, expected one its group may read; see "
                + "docs/file-formats.md",
                ExitCode.TryAgain);
        }
    }
}
