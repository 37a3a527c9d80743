using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Printing;

namespace Dispatch.Worker.Commands;

/// <summary>Looks at the folder of every print house that is handed to by folder. Nothing is put into it: a file of
/// ours would be a strange one there.</summary>
static class OutboxDoctor
{
    /// <param name="handedTo">Print houses that were handed files by folder before, see
    /// <see cref="OutboxHistory"/>.</param>
    public static IEnumerable<Finding> Look(
        DataFolder data, PrintingSettings printing, IReadOnlySet<string> handedTo) =>
        printing.PrintHouses.Keys.Append(printing.PrintHouse).Distinct().Order(StringComparer.Ordinal)
            .Where(house => printing.House(house).Sftp.Host.Length == 0)
            .Select(house => Look(data, house, handedTo.Contains(house)));

    static Finding Look(DataFolder data, string house, bool wasHandedTo)
    {
        var (check, folder) = ($"print house '{house}'", data.PrintHouse(house));
        return OutboxMount.IsAsBefore(data, house) ? Look(check, folder, wasHandedTo) : new(
            check, Verdict.Wrong, $"'{folder}' had a share mounted on it and has none now",
            $"mount it, or remove '{OutboxMount.NoteOf(data, house)}' if it is to be a plain folder");
    }

    static Finding Look(string check, string folder, bool wasHandedTo) =>
        Directory.Exists(folder)
            ? Libc.MayWrite(folder)
                ? new(check, Verdict.Good, $"'{folder}' can be written")
                : new(
                    check, Verdict.Wrong, $"'{folder}' cannot be written",
                    "give the user running dispatch the right to write there, or mount it writable")
            : wasHandedTo
                ? new(
                    check, Verdict.Wrong, $"'{folder}' is gone",
                    "bring it back (mount the share), or make a new one with mkdir")
                : new(check, Verdict.Good, $"'{folder}' is made with the first hand-off");
}
