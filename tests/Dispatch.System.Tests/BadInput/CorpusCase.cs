using System.Text.Json;
using System.Text.Json.Nodes;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.BadInput;

/// <summary>
/// One folder of the corpus of bad input: what differs from a good job, and what must come of it. Its files lie over
/// those of <c>_default</c>, its <c>job</c> over the default job.json.
/// </summary>
sealed record CorpusCase(string Folder, string Id, JsonObject Definition)
{
    const string DefinitionFile = "case.json";
    const string GenerateFile = "generate.json";

    static readonly string[] NotOfTheJob = [DefinitionFile, GenerateFile, "register"];

    public static string Root { get; } = Path.Combine(TestFolder.Repository, "tests/Dispatch.System.Tests/corpus");

    public static string Default { get; } = Path.Combine(Root, "_default");

    public JsonObject Expected => Definition["expect"]!.AsObject();

    public int ExitCode => (int)Expected["exit"]!;

    public string? Code => (string?)Expected["code"];

    /// <summary>Row number to <c>effect:reason</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Rows =>
        (Expected["rows"]?.AsObject() ?? []).Select(r => KeyValuePair.Create(r.Key, (string)r.Value!));

    string Outcome => string.Join(
        ' ', Rows.Select(row => row.Value).Distinct().Order(StringComparer.Ordinal).Prepend($"{ExitCode} {Code}"));

    /// <summary>The folder of a register of its own, or null for the shared one.</summary>
    public string? Register =>
        Directory.Exists(Path.Combine(Folder, "register")) ? Path.Combine(Folder, "register") : null;

    /// <summary>What the program is walked through: every outcome of the corpus once, or with DISPATCH_CORPUS=all every
    /// case. As far as intake all of them are walked elsewhere, without a process for each.</summary>
    public static IEnumerable<string> Chosen() => Environment.GetEnvironmentVariable("DISPATCH_CORPUS") == "all"
        ? Names()
        : Names().DistinctBy(name => Read(name).Outcome);

    static IEnumerable<string> Names() => Directory.Exists(Root)
        ? Directory.GetDirectories(Root).Where(d => File.Exists(Path.Combine(d, DefinitionFile)))
            .Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)
        : [];

    public static CorpusCase Read(string name)
    {
        var folder = Path.Combine(Root, name);
        var definition = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, DefinitionFile)))!.AsObject();
        return new(folder, (string)definition["id"]!, definition);
    }

    /// <summary>Writes the job folder; gives the reference it has been given.</summary>
    public async Task<string> WriteJobAsync(string target)
    {
        Copy(Default, target);
        Copy(Folder, target);
        await GeneratedFile.WriteAllAsync(Path.Combine(Folder, GenerateFile), target);
        var jobFile = Path.Combine(target, "job.json");
        var reference = $"corpus-{Id}";
        if (!File.Exists(Path.Combine(Folder, "job.json")))
        {
            var job = JsonNode.Parse(await File.ReadAllTextAsync(jobFile))!.AsObject();
            job["reference"] = reference;
            Merge(job, Definition["job"]?.AsObject() ?? []);
            await File.WriteAllTextAsync(jobFile, job.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            reference = (string)job["reference"]!;
        }

        return reference;
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
