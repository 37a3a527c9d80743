namespace Dispatch.PrintExport.Manifest;

/// <summary>The three files of a batch.</summary>
/// <param name="Name">The batch's name.</param>
public readonly record struct BatchFiles(string Name)
{
    public string Pdf => Name + ".pdf";

    public string Manifest => Name + ".manifest.csv";

    /// <summary>Handed off last: the mark that the batch is whole.</summary>
    public string Ticket => Name + ".ticket.json";

    public string[] All => [Pdf, Manifest, Ticket];
}
