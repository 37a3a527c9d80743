using System.Security.Cryptography;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>What makes two letters one template version: text, pictures and fonts.</summary>
static class TemplateHash
{
    const string AssetsFolder = "assets/";

    /// <param name="letter">The file, byte order mark and all.</param>
    /// <param name="assets">By name inside the assets folder.</param>
    public static byte[] Of(
        byte[] letter, IEnumerable<KeyValuePair<string, byte[]>> assets, IReadOnlyList<string> fontHashes) =>
        ContentHash.Of(
        [
            ("", letter.LongLength, SHA256.HashData(letter)),
            .. assets.Select(asset => (
                AssetsFolder + asset.Key, asset.Value.LongLength, SHA256.HashData(asset.Value))),
            .. fontHashes.Select((hash, i) => ($"font {i}", 0L, Convert.FromHexString(hash))),
        ]);
}
