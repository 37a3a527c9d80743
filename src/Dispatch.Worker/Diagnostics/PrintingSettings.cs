using System.ComponentModel.DataAnnotations;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Marks;
using Dispatch.PrintExport.Pdf;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Print house, fonts and batches.</summary>
sealed record PrintingSettings
{
    /// <summary>Form of a print house's name.</summary>
    public const string NamePattern = "[a-z0-9][a-z0-9-]{0,63}";

    const string NameForm = "1 to 64 lower-case letters, digits and hyphens, no hyphen first";

    /// <summary>Name of the print house, or of the one that takes what no other does; also its folder in the
    /// outbox.</summary>
    [RegularExpression(NamePattern, ErrorMessage = NameForm)]
    public string PrintHouse { get; init; } = "default";

    /// <summary>Several print houses, by name.</summary>
    [RegularExpression(NamePattern, ErrorMessage = NameForm)]
    public IReadOnlyDictionary<string, PrintHouseSettings> PrintHouses { get; init; } =
        new Dictionary<string, PrintHouseSettings>();

    /// <summary>Pieces in one batch at most.</summary>
    [Range(1, 100_000)]
    public int BatchPiecesMax { get; init; } = 5_000;

    /// <summary>Batches whose files are made at the same time.</summary>
    [Range(1, 64)]
    public int BatchesAtOnce { get; init; } = 2;

    /// <summary>Danish working days after the day of the hand-off until a missing receipt raises an alarm.</summary>
    [Range(1, 60)]
    public int ReceiptWorkingDays { get; init; } = 2;

    /// <summary>Group that may read the outbox; empty = the group of the user running dispatch.</summary>
    public string OutboxGroup { get; init; } = "";

    /// <summary>What stands on the fronts of sheets for the inserter.</summary>
    [AllowedValues(SheetMarkKind.DataMatrix, SheetMarkKind.Omr, SheetMarkKind.None)]
    public SheetMarkKind SheetMark { get; init; } = SheetMarkKind.DataMatrix;

    /// <summary>The print house's SFTP server; with no host, batches are handed off by folder.</summary>
    public SftpSettings Sftp { get; init; } = new();

    /// <summary>Font files.</summary>
    public FontSettings Fonts { get; init; } = new();

    /// <summary>The settings of a print house. One that is not named has those of the whole section, but only the
    /// default one has the server.</summary>
    public PrintHouseSettings House(string name) =>
        PrintHouses.TryGetValue(name, out var house) ? house
        : new()
        {
            PiecesMax = BatchPiecesMax,
            SheetMark = SheetMark,
            Sftp = name == PrintHouse ? Sftp : new(),
        };

    /// <summary>To which print house a batch goes.</summary>
    public PrintHouseChoice Choice() => new(
        [.. PrintHouses.Select(house => house.Value.Named(house.Key))],
        House(PrintHouse).Named(PrintHouse));
}
