using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.BadInput;

/// <summary>What generate.json of a case asks for: files too large, or too strange, to be kept as files.</summary>
static class GeneratedFile
{
    const int BlockBytes = 1 << 20;

    public static async Task WriteAllAsync(string generateFile, string target)
    {
        if (!File.Exists(generateFile))
        {
            return;
        }

        foreach (var file in JsonNode.Parse(await File.ReadAllTextAsync(generateFile))!.AsArray())
        {
            var path = Path.Combine(target, (string)file!["file"]!);
            File.Delete(path);
            switch ((string)file["kind"]!)
            {
                case "link":
                    File.CreateSymbolicLink(path, (string)file["target"]!);
                    break;
                case "folder":
                    Directory.CreateDirectory(path);
                    break;
                case "pipe":
                    (await Command.RunAsync("mkfifo", [path])).Expect(0);
                    break;
                case "text":
                    await WriteTextAsync(path, file["parts"]!.AsArray());
                    break;
                default:
                    throw new JsonException($"'{generateFile}' asks for an unknown kind of file.");
            }
        }
    }

    static async Task WriteTextAsync(string path, JsonArray parts)
    {
        await using var stream = File.Create(path);
        foreach (var part in parts)
        {
            var text = Encoding.UTF8.GetBytes((string)part!["text"]!);
            var left = (long?)part["times"] ?? 1;
            var timesInBlock = (int)Math.Min(left, Math.Max(1, BlockBytes / text.Length));
            var block = Enumerable.Repeat(text, timesInBlock).SelectMany(bytes => bytes).ToArray();
            while (left > 0)
            {
                var times = (int)Math.Min(left, timesInBlock);
                await stream.WriteAsync(block.AsMemory(0, times * text.Length));
                left -= times;
            }
        }
    }
}
