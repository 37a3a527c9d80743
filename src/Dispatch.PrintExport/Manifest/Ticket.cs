using System.Globalization;
using System.Text.Json;

namespace Dispatch.PrintExport.Manifest;

/// <summary>What <c>NAME.ticket.json</c> says; written last, it is the mark that the batch is whole.</summary>
/// <param name="CreatedAt">When the batch was planned, UTC to the second, so that the file can be made again.</param>
/// <param name="Pages">Pages of the PDF, blank backs counted.</param>
public sealed record Ticket(
    string Name,
    string PrintHouse,
    string SenderCvr,
    string Reference,
    int Attempt,
    DateTimeOffset CreatedAt,
    int Pieces,
    int Pages,
    int Sheets,
    string Envelope,
    string Postage,
    bool IsDuplex,
    bool IsColour,
    FileDigest Pdf,
    FileDigest Manifest)
{
    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    /// <summary>The file's bytes: UTF-8, indented by two, ended by LF; always the same for the same values.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteString("printHouse", PrintHouse);
            json.WriteStartObject("job");
            json.WriteString("sender", SenderCvr);
            json.WriteString("reference", Reference);
            json.WriteEndObject();
            json.WriteNumber("attempt", Attempt);
            json.WriteString(
                "createdAt", CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("pieces", Pieces);
            json.WriteNumber("pages", Pages);
            json.WriteNumber("sheets", Sheets);
            json.WriteString("envelope", Envelope);
            json.WriteString("postage", Postage);
            json.WriteBoolean("duplex", IsDuplex);
            json.WriteBoolean("colour", IsColour);
            json.WriteStartArray("files");
            var files = new BatchFiles(Name);
            WriteFile(json, files.Pdf, Pdf);
            WriteFile(json, files.Manifest, Manifest);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    static void WriteFile(Utf8JsonWriter json, string name, FileDigest digest)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("bytes", digest.Bytes);
        json.WriteString("sha256", Convert.ToHexStringLower(digest.Sha256.Span));
        json.WriteEndObject();
    }
}
