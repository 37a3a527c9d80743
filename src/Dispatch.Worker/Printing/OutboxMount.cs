using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Printing;

/// <summary>
/// A share that is not mounted leaves an empty folder, which takes files that nobody will ever fetch. So it is noted in
/// the spool, never in the print house's folder, that something was mounted there.
/// </summary>
static class OutboxMount
{
    /// <summary>Where it is noted; without the file, a plain folder is taken again.</summary>
    public static string NoteOf(DataFolder data, string house) => Path.Combine(data.Spool, "mounted", house);

    /// <summary>False when a share was mounted at the print house's folder before, and none is now.</summary>
    public static bool IsAsBefore(DataFolder data, string house)
    {
        var note = NoteOf(data, house);
        if (Libc.IsMountPoint(data.PrintHouse(house)) is not true)
        {
            return !File.Exists(note);
        }

        if (!File.Exists(note))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(note)!);
            File.WriteAllBytes(note, []);
            FileCalls.FlushFolder(Path.GetDirectoryName(note)!);
        }

        return true;
    }
}
