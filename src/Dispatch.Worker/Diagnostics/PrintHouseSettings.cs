using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Marks;

namespace Dispatch.Worker.Diagnostics;

/// <summary>One of several print houses: what it takes, how much at once, when and how.</summary>
sealed record PrintHouseSettings
{
    const string Time = "(?!2[4-9])[0-2][0-9]:[0-5][0-9]";

    /// <summary>What a PDF's cross-reference table can address, in bytes.</summary>
    const long PdfBytesMax = 9_999_999_999;

    /// <summary>Zones it takes; empty = all.</summary>
    [AllowedItems("DK", "EU", "WORLD")]
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Envelope profiles it takes; empty = all.</summary>
    [AllowedItems("C5-left", "C4-left")]
    public IReadOnlyList<string> Envelopes { get; init; } = [];

    /// <summary>Its part of the batches that several print houses take, in proportion to theirs; 0 = no new
    /// batch.</summary>
    [Range(0, 1_000)]
    public int Share { get; init; } = 1;

    /// <summary>Pieces in one batch at most.</summary>
    [Range(1, 100_000)]
    public int PiecesMax { get; init; } = 5_000;

    /// <summary>Pages in one batch at most, blank backs counted.</summary>
    [Range(1, 10_000_000)]
    public int PagesMax { get; init; } = 1_000_000;

    /// <summary>Bytes of one print file at most.</summary>
    [Range(1_024.0, (double)PdfBytesMax)]
    public long BytesMax { get; init; } = PdfBytesMax;

    /// <summary>From this time until midnight nothing is handed off; empty = no cut-off.</summary>
    [RegularExpression($"({Time})?", ErrorMessage = "a time of day from 00:00 to 23:59, or empty")]
    public string CutOff { get; init; } = "";

    /// <summary>Daily hours in which nothing is handed off; may pass midnight; empty = none.</summary>
    [RegularExpression($"({Time}-{Time})?", ErrorMessage = "two times of day such as 22:00-04:00, or empty")]
    public string Downtime { get; init; } = "";

    /// <summary>What stands on the fronts of sheets for its inserter.</summary>
    [AllowedValues(SheetMarkKind.DataMatrix, SheetMarkKind.Omr, SheetMarkKind.None)]
    public SheetMarkKind SheetMark { get; init; } = SheetMarkKind.DataMatrix;

    /// <summary>Its SFTP server; with no host, batches are handed off by folder.</summary>
    public SftpSettings Sftp { get; init; } = new();

    /// <summary>When it takes no files.</summary>
    public HandoffHours Hours()
    {
        var down = Downtime.Length == 0 ? [] : Downtime.Split('-');
        return new(
            CutOff.Length == 0 ? null : At(CutOff), down.Length == 0 ? null : At(down[0]),
            down.Length == 0 ? null : At(down[1]));
    }

    /// <summary>What planning asks of it.</summary>
    public PrintHouse Named(string name) => new(
        name, [.. Zones.Select(ZoneOf)], Envelopes, Share, PiecesMax, PagesMax);

    static PostalZone ZoneOf(string zone) => zone switch
    {
        "DK" => PostalZone.Denmark,
        "EU" => PostalZone.Eu,
        _ => PostalZone.World,
    };

    static TimeOnly At(string time) => TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
}
