namespace Dispatch.PrintExport.Pdf;

/// <summary>The faces letters are set in, read once.</summary>
public sealed class FontSet
{
    /// <summary>SHA-256 of every font file, lower-case hex, in the order of the settings.</summary>
    public IReadOnlyList<string> Hashes { get; } = [];

    /// <exception cref="Dispatch.Routing.DispatchException"><c>font.missing</c>, exit 78.</exception>
    public static FontSet Load(FontSettings settings) => throw new NotImplementedException();
}
