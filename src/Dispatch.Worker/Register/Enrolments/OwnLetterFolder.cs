using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Register.Enrolments;

/// <summary>The job folder of some of the operator's own letters, for as long as it takes to submit it. Same letters,
/// same bytes.</summary>
sealed class OwnLetterFolder : IDisposable
{
    static readonly JsonSerializerOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    OwnLetterFolder(string path) => Path = path;

    public string Path { get; }

    /// <param name="above">A folder of nothing else.</param>
    public static OwnLetterFolder Write(
        string above, OwnJob job, OwnSenderSettings sender, IReadOnlyList<string> lines)
    {
        var text = OwnLetterText.Of(job.Kind);
        var list = new StringBuilder(text.Header).Append('\n').AppendJoin('\n', lines).ToString();
        return Write(above, Order(job, sender, text), text.Markdown, list);
    }

    /// <summary>The folder of a job whose letter was another's.</summary>
    /// <param name="assets">Its pictures, by file name.</param>
    public static OwnLetterFolder Write(
        string above, string order, string letter, string list, IReadOnlyDictionary<string, byte[]>? assets = null)
    {
        Sweep(above);
        var folder = new OwnLetterFolder(above);
        var path = Directory.CreateDirectory(
            above, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        File.WriteAllText(System.IO.Path.Combine(path, "job.json"), order);
        File.WriteAllText(System.IO.Path.Combine(path, "letter.md"), letter);
        File.WriteAllText(System.IO.Path.Combine(path, "recipients.csv"), list);
        foreach (var (name, content) in assets ?? new Dictionary<string, byte[]>())
        {
            File.WriteAllBytes(
                System.IO.Path.Combine(
                    Directory.CreateDirectory(System.IO.Path.Combine(path, "assets")).FullName, StoredName.CheckPlain(name)),
                content);
        }

        return folder;
    }

    /// <summary>Takes away what a killed process left.</summary>
    public static void Sweep(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    public void Dispose() => Sweep(Path);

    static string Order(OwnJob job, OwnSenderSettings sender, OwnLetterText text) => new JsonObject
    {
        ["reference"] = job.Reference,
        ["sender"] = new JsonObject
        {
            ["cvr"] = sender.Cvr,
            ["name"] = sender.Name,
            ["kind"] = "public",
            ["returnAddress"] = new JsonArray([.. sender.ReturnAddress.Select(line => (JsonNode)line)]),
        },
        ["messageType"] = job.Kind,
        ["title"] = text.Title,
        ["recipients"] = new JsonObject { ["file"] = "recipients.csv" },
        ["letter"] = "letter.md",
        ["channel"] = text.Channel,
        ["stopAtRefusedShare"] = 1,
    }.ToJsonString(JsonOptions);
}
