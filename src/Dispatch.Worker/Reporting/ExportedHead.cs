using System.Globalization;
using System.Text.Json;

namespace Dispatch.Worker.Reporting;

/// <summary>A head of the trail as it was exported: one line of JSON.</summary>
/// <param name="Date">Of the export, UTC.</param>
/// <param name="EventNo">0 for a line that is no exported head.</param>
/// <param name="Hash">Hexadecimal.</param>
sealed record ExportedHead(string Date, long EventNo, string Hash)
{
    public static ExportedHead Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var head = json.RootElement;
            return new(
                head.GetProperty("date").GetString()!, head.GetProperty("event").GetInt64(),
                head.GetProperty("hash").GetString()!);
        }
        catch (Exception fault) when (
            fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new("", 0, "");
        }
    }

    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture, $"{{\"date\":\"{Date}\",\"event\":{EventNo},\"hash\":\"{Hash}\"}}\n");
}
