using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// The JSON of every document this slice gives out: camel case, readable Danish letters, one final line end.
/// </summary>
static class ReportJson
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // never put into HTML
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Of<T>(T document) => JsonSerializer.Serialize(document, Options) + "\n";
}
