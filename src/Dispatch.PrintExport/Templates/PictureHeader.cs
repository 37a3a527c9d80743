namespace Dispatch.PrintExport.Templates;

/// <summary>What a picture's header says; decided on before any pixel is read.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Density">Pixels per inch; 0 when the picture does not say.</param>
/// <param name="IsGray">One channel of brightness (and perhaps alpha).</param>
/// <param name="Channels">Bytes a pixel in the file, after palette look-up.</param>
readonly record struct PictureHeader(int Width, int Height, int Density, bool IsGray, int Channels)
{
    const int SideMax = 10_000;
    const int PixelsMax = 40_000_000;

    /// <exception cref="Dispatch.Routing.DispatchException"><c>asset.too_large</c>, <c>asset.corrupt</c>.</exception>
    public static void CheckSize(string name, long width, long height)
    {
        if (width <= 0 || height <= 0)
        {
            throw AssetFault.Corrupt(name, "its header gives no size");
        }

        if (width > SideMax || height > SideMax || width * height > PixelsMax)
        {
            throw AssetFault.TooLarge(name, width, height);
        }
    }

    /// <exception cref="Dispatch.Routing.DispatchException"><c>asset.too_large</c>.</exception>
    public void CheckPixels(string name, long pixelsLeft)
    {
        if ((long)Width * Height > pixelsLeft)
        {
            throw AssetFault.TooLargeTogether(name, LetterLimits.PixelsMax);
        }
    }
}
