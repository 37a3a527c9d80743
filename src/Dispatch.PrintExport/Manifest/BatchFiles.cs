using Dispatch.Routing;

namespace Dispatch.PrintExport.Manifest;

/// <summary>The three files of a batch.</summary>
public readonly record struct BatchFiles
{
    const int NameCharsMax = 200;

    /// <param name="name">The batch's name, in <c>[a-z0-9-]</c>. It becomes part of paths, and of commands to an SFTP
    /// client, where a line break would begin another command: nothing else passes, whoever wrote it to the
    /// database.</param>
    /// <exception cref="DispatchException"><c>batch.name</c>, exit 1.</exception>
    public BatchFiles(string name) => Name = IsName(name) ? name : throw new DispatchException(
        "batch.name",
        "the database has a batch whose name is none; expected 1 to 200 of a-z, 0-9 and '-'; somebody changed "
        + "dispatch.batches: see dispatch audit, and restore the database",
        ExitCode.Failed);

    public string Name { get; }

    public string Pdf => Name + ".pdf";

    public string Manifest => Name + ".manifest.csv";

    /// <summary>Handed off last: the mark that the batch is whole.</summary>
    public string Ticket => Name + ".ticket.json";

    public string[] All => [Pdf, Manifest, Ticket];

    static bool IsName(string name) => name.Length is > 0 and <= NameCharsMax
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
