using Dispatch.Routing;

namespace Dispatch.PrintExport.Templates;

/// <summary>The faults of a picture. Its name is the letter's, not personal data.</summary>
static class AssetFault
{
    public static DispatchException Corrupt(string name, string found) =>
        new("asset.corrupt", $"the picture '{name}' is broken: {found}; export it again");

    public static DispatchException Unsupported(string name, string found) => new(
        "asset.unsupported",
        $"the picture '{name}' is {found}; "
            + "use PNG (8 bits, not interlaced, not animated) or baseline JPEG (gray or RGB)");

    public static DispatchException TooLargeTogether(string name, long pixelsMax) => new(
        "asset.too_large",
        $"with the picture '{name}' the letter's pictures have more than "
            + $"{pixelsMax / 1_000_000} million pixels together: "
            + "make them smaller");

    public static DispatchException TooLarge(string name, long width, long height) => new(
        "asset.too_large",
        $"the picture '{name}' has {width} x {height} pixels; at most 10000 x 10000 and 40 million in all are read:"
            + " make it smaller");
}
