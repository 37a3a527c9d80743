using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>Lays a case of the corpus out as a job folder, as its README says.</summary>
static class CorpusFolder
{
    static readonly string[] NotOfTheJob = ["case.json", "generate.json", "register"];

    public static string Root { get; } = Repository.Find("tests/Dispatch.System.Tests/corpus");

    /// <summary>Writes the job folder; gives the code expected, or null when the job is to be accepted.</summary>
    public static string? Write(string name, string target)
    {
        var folder = Path.Combine(Root, name);
        var definition = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "case.json")))!.AsObject();
        Copy(Path.Combine(Root, "_default"), target);
        Copy(folder, target);
        if (definition["job"] is JsonObject changes)
        {
            var path = Path.Combine(target, "job.json");
            var order = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            Merge(order, changes);
            File.WriteAllText(path, order.ToJsonString());
        }

        if (File.Exists(Path.Combine(folder, "generate.json")))
        {
            foreach (var file in JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "generate.json")))!.AsArray())
            {
                Generate(file!.AsObject(), target);
            }
        }

        return (string?)definition["expect"]!["code"];
    }

    static void Generate(JsonObject file, string target)
    {
        var path = Path.Combine(target, (string)file["file"]!);
        File.Delete(path);
        switch ((string)file["kind"]!)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "link":
                File.CreateSymbolicLink(path, (string)file["target"]!);
                break;
            case "pipe":
                using (var made = Process.Start("mkfifo", [path]))
                {
                    made.WaitForExit();
                }

                break;
            default:
                WriteText(path, file["parts"]!.AsArray());
                break;
        }
    }

    static void WriteText(string path, JsonArray parts)
    {
        using var stream = new BufferedStream(File.Create(path), 1 << 20);
        foreach (var part in parts)
        {
            var times = (int?)part!["times"] ?? 1;
            var bytes = Encoding.UTF8.GetBytes((string)part["text"]!);
            for (var i = 0; i < times; i++)
            {
                stream.Write(bytes);
            }
        }
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (
            var entry in new DirectoryInfo(from).EnumerateFileSystemInfos().Where(e => !NotOfTheJob.Contains(e.Name)))
        {
            var target = Path.Combine(to, entry.Name);
            if (entry is DirectoryInfo)
            {
                Copy(entry.FullName, target);
            }
            else
            {
                File.Copy(entry.FullName, target, overwrite: true);
            }
        }
    }

    static void Merge(JsonObject target, JsonObject over)
    {
        foreach (var (name, value) in over)
        {
            if (value is JsonObject inner && target[name] is JsonObject outer)
            {
                Merge(outer, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
