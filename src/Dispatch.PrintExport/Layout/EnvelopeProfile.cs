using Dispatch.Routing;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// Where an envelope's window lies on the first page, in millimetres from the top left of the sheet. C5: the sheet
/// folded once; C4: the same sheet unfolded.
/// </summary>
/// <param name="Name">As job.json names it.</param>
/// <param name="WindowLeftMm">Nothing but the address may be printed inside the window.</param>
/// <param name="AddressLeftMm">Where the address is set, inside the window.</param>
/// <param name="AddressLinesMax">Lines that fit the address's height.</param>
/// <param name="SheetMarkWidthMm">Kept free at the left edge for the inserter's sheet mark.</param>
/// <param name="SheetMarkTopMm">Where the mark starts: below the window, and above the fold of C5.</param>
public sealed record EnvelopeProfile(
    string Name,
    int WindowLeftMm,
    int WindowTopMm,
    int WindowWidthMm,
    int WindowHeightMm,
    int AddressLeftMm,
    int AddressTopMm,
    int AddressWidthMm,
    int AddressHeightMm,
    int AddressLinesMax,
    int SheetMarkWidthMm,
    int SheetMarkTopMm)
{
    static readonly EnvelopeProfile[] All =
    [
        new("C5-left", 15, 44, 105, 35, 20, 48, 95, 28, 7, 15, 90),
        new("C4-left", 15, 44, 105, 35, 20, 48, 95, 28, 7, 15, 90),
    ];

    /// <summary>Gives the profile of this name.</summary>
    /// <exception cref="DispatchException"><c>job.envelope</c>: there is none.</exception>
    public static EnvelopeProfile Find(string name) =>
        Array.Find(All, profile => profile.Name == name) ?? throw new DispatchException(
            "job.envelope",
            $"the envelope '{name}' in job.json is not known; "
                + $"use {string.Join(" or ", All.Select(profile => profile.Name))}");
}
