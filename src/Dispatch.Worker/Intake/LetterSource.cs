using System.Security.Cryptography;
using System.Text;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;

namespace Dispatch.Worker.Intake;

/// <summary>The letter as it came: its text and the pictures it names.</summary>
sealed class LetterSource
{
    const string AssetsFolder = "assets";

    LetterSource(string fileName, byte[] bytes, string text, SortedDictionary<string, byte[]> assets)
    {
        (FileName, Bytes, Text, Assets) = (fileName, bytes, text, assets);
    }

    public string FileName { get; }

    public byte[] Bytes { get; }

    /// <summary>Without byte order mark.</summary>
    public string Text { get; }

    /// <summary>Name inside the assets folder to content.</summary>
    public IReadOnlyDictionary<string, byte[]> Assets { get; }

    /// <exception cref="DispatchException"><c>file.*</c>, <c>encoding.invalid</c>, <c>asset.too_many</c>,
    /// <c>asset.too_large</c>.</exception>
    public static LetterSource Read(IJobSource folder, string fileName, IntakeLimits limits)
    {
        using var file = folder.OpenFile(fileName);
        var bytes = file.ReadWhole(limits.LetterBytesMax);
        var text = Decode(bytes, fileName);
        return new(fileName, bytes, text, ReadAssets(folder, LetterTemplate.FindAssetNames(text), limits));
    }

    /// <summary>Looks whether the letter and the pictures it names are there; reads none of them.</summary>
    /// <exception cref="DispatchException"><c>file.*</c>, <c>encoding.invalid</c>.</exception>
    public static void DemandFiles(IJobSource folder, string fileName, IntakeLimits limits)
    {
        using var letter = folder.OpenFile(fileName);
        var names = LetterTemplate.FindAssetNames(Decode(letter.ReadWhole(limits.LetterBytesMax), fileName));
        foreach (var name in names.Where(PlainFolder.IsPlainName).Take(limits.AssetsMax))
        {
            using var assetsFolder = folder.OpenFolder(AssetsFolder);
            using var picture = assetsFolder.OpenFile(name);
        }
    }

    /// <summary>Parses the letter; throws what is wrong with it or with a picture.</summary>
    public LetterTemplate Parse() => LetterTemplate.Parse(Text, FileName, Assets);

    /// <summary>Every file with its hash, pictures under their folder's name.</summary>
    public IEnumerable<(string Name, long Bytes, byte[] Sha256)> Files() =>
    [
        (FileName, Bytes.LongLength, SHA256.HashData(Bytes)),
        .. Assets.Select(
            asset => ($"{AssetsFolder}/{asset.Key}", asset.Value.LongLength, SHA256.HashData(asset.Value))),
    ];

    static string Decode(byte[] bytes, string fileName)
    {
        var text = bytes.AsSpan();
        if (text.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        var lines = default(LineCount);
        if (!new Utf8Decoder().TryDecode(text, isFinal: true, new byte[text.Length], out var valid, out _)
            || (valid = text.IndexOf((byte)0)) >= 0)
        {
            throw new DispatchException(
                "encoding.invalid",
                $"{ShownName.Of(fileName)} line {lines.LineAfter(text[..valid])} holds bytes that are no utf-8 text, "
                + "expected UTF-8; save it as UTF-8");
        }

        return Encoding.UTF8.GetString(text);
    }

    // What is not there, or has a name that is more than a name, is left out: parsing tells which line asks for it.
    static SortedDictionary<string, byte[]> ReadAssets(
        IJobSource folder, IReadOnlyList<string> names, IntakeLimits limits)
    {
        if (names.Count > limits.AssetsMax)
        {
            throw new DispatchException(
                "asset.too_many",
                $"the letter names {names.Count} pictures, expected at most {limits.AssetsMax}; leave some out, or "
                + "raise Limits:AssetsMax");
        }

        var bytes = 0L;
        var assets = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in names.Where(PlainFolder.IsPlainName))
        {
            try
            {
                using var assetsFolder = folder.OpenFolder(AssetsFolder);
                using var file = assetsFolder.OpenFile(name);
                bytes += file.Length;
                if (bytes > limits.AssetsBytesMax)
                {
                    throw new DispatchException(
                        "asset.too_large",
                        $"the letter's pictures have more than {limits.AssetsBytesMax} bytes together, expected at "
                        + "most that; make them smaller, or raise Limits:AssetsBytesMax");
                }

                assets.Add(name, file.ReadWhole(limits.AssetBytesMax));
            }
            catch (DispatchException fault) when (fault.Code == "file.missing")
            {
            }
        }

        return assets;
    }
}
