using System.Globalization;
using System.Text;
using Dispatch.Routing;

namespace Dispatch.Worker.Intake;

/// <summary>What a job folder in the inbox looks like at a moment. Nothing in it is opened but job.json, and no link is
/// followed.</summary>
/// <param name="Name">Of the folder.</param>
/// <param name="Print">Names, sizes and times of all that is in it: the same in two looks, nobody writes any
/// more.</param>
/// <param name="IsWhole">Has job.json and the files it names; or a job.json that is refused anyway.</param>
sealed record InboxLook(string Name, string Print, bool IsWhole)
{
    /// <summary>A folder with more in it than any job has is not looked through.</summary>
    const int EntriesMax = 10_000;

    static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        RecurseSubdirectories = true,
        MaxRecursionDepth = 1,
    };

    public static InboxLook Take(string path, IntakeLimits limits)
    {
        var print = new StringBuilder();
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", Everything)
            .Take(EntriesMax).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            var bytes = entry is FileInfo file ? file.Length : -1;
            print.Append(CultureInfo.InvariantCulture, $"{entry.FullName}\0{bytes}\0{entry.LastWriteTimeUtc.Ticks}\n");
        }

        return new(Path.GetFileName(path), print.ToString(), HasWhatItNames(path, limits));
    }

    static bool HasWhatItNames(string path, IntakeLimits limits)
    {
        try
        {
            using var folder = JobFolder.Open(path, limits, followsLink: false);
            return Path.Exists(Path.Combine(path, folder.Order.Recipients.File))
                && Path.Exists(Path.Combine(path, folder.Order.Letter));
        }
        catch (DispatchException fault) when (fault.Code == "job.missing")
        {
            return false;
        }
        catch (DispatchException)
        {
            return true;
        }
    }
}
