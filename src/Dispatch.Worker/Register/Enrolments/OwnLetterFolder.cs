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

    /// <param name="above">A folder of nothing else: what a killed process left in it goes first.</param>
    public static OwnLetterFolder Write(
        string above, OwnJob job, OwnSenderSettings sender, IReadOnlyList<string> numbers)
    {
        var folder = new OwnLetterFolder(above);
        folder.Dispose();
        var path = Directory.CreateDirectory(
            above, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var text = OwnLetterText.Of(job.Kind);
        File.WriteAllText(System.IO.Path.Combine(path, "job.json"), Order(job, sender, text));
        File.WriteAllText(System.IO.Path.Combine(path, "letter.md"), text.Markdown);
        File.WriteAllText(
            System.IO.Path.Combine(path, "recipients.csv"),
            new StringBuilder("recipient\n").AppendJoin('\n', numbers).ToString());
        return folder;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

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
