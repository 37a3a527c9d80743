namespace Dispatch.PrintExport.Pdf;

/// <summary>The fonts letters are set in: TrueType files of the system, embedded as subsets.</summary>
public sealed record FontSettings
{
    const string LiberationFolder = "/usr/share/fonts/truetype/liberation2";

    /// <summary>Path of the upright face.</summary>
    public string Regular { get; init; } = $"{LiberationFolder}/LiberationSans-Regular.ttf";

    /// <summary>Path of the bold face.</summary>
    public string Bold { get; init; } = $"{LiberationFolder}/LiberationSans-Bold.ttf";

    /// <summary>Path of the italic face.</summary>
    public string Italic { get; init; } = $"{LiberationFolder}/LiberationSans-Italic.ttf";

    /// <summary>Path of the bold italic face.</summary>
    public string BoldItalic { get; init; } = $"{LiberationFolder}/LiberationSans-BoldItalic.ttf";

    /// <summary>Letters that would stand apart (<c>AV</c>, <c>To</c>) are set closer, where a face says by how
    /// much.</summary>
    public bool Kerning { get; init; } = true;

    /// <summary>
    /// Paths of faces asked, in this order, for characters the four do not have. None by default: which characters can
    /// be printed must not depend on what happens to be installed.
    /// </summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];
}
