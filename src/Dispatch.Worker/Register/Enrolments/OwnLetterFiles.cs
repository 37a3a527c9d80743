using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Register.Enrolments;

/// <summary>The files of a job of the operator's own letters, by name, as a sender's job folder has them. Never on a
/// disk. Same letters, same bytes.</summary>
static class OwnLetterFiles
{
    static readonly JsonSerializerOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyDictionary<string, byte[]> Of(
        OwnJob job, OwnSenderSettings sender, IReadOnlyList<string> lines)
    {
        var text = OwnLetterText.Of(job.Kind);
        var list = new StringBuilder(text.Header).Append('\n').AppendJoin('\n', lines).ToString();
        return Of(Order(job, sender, text), text.Markdown, list);
    }

    /// <summary>Those of a job whose letter was another's.</summary>
    /// <param name="assets">Its pictures, by file name.</param>
    public static IReadOnlyDictionary<string, byte[]> Of(
        string order, string letter, string list, IReadOnlyDictionary<string, byte[]>? assets = null)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["job.json"] = Encoding.UTF8.GetBytes(order),
            ["letter.md"] = Encoding.UTF8.GetBytes(letter),
            ["recipients.csv"] = Encoding.UTF8.GetBytes(list),
        };
        foreach (var (name, content) in assets ?? new Dictionary<string, byte[]>())
        {
            files.Add($"assets/{StoredName.CheckPlain(name)}", content);
        }

        return files;
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
