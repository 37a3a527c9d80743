namespace Dispatch.Worker.Diagnostics;

/// <summary>Font files; names without a folder are looked up in <see cref="Folder"/>.</summary>
sealed record FontSettings
{
    /// <summary>Folder of the font files.</summary>
    public string Folder { get; init; } = "/usr/share/fonts/truetype/liberation2";

    /// <summary>Upright.</summary>
    public string Regular { get; init; } = "LiberationSans-Regular.ttf";

    /// <summary>Bold.</summary>
    public string Bold { get; init; } = "LiberationSans-Bold.ttf";

    /// <summary>Italic.</summary>
    public string Italic { get; init; } = "LiberationSans-Italic.ttf";

    /// <summary>Bold italic.</summary>
    public string BoldItalic { get; init; } = "LiberationSans-BoldItalic.ttf";
}
