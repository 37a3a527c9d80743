using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dispatch.LoadRun;

/// <summary>
/// How long does the whole of <c>dispatch run</c> take, from the command to the last ticket, in a warm data folder on
/// the embedded database with durable commits?
/// </summary>
static class NationalSend
{
    public const string Header =
        "| people | rows | paper | generate s | import s | run s | rows/s | validate s | route s | compose s "
        + "| handoff s | worker peak MB |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|";

    public static string Measure(string program, int people)
    {
        using var folder = new LoadFolder();
        var generated = folder.Generate(program, people);
        var imported = folder.Import(program);
        var run = folder.Run(program, "run", folder.Job, "--json");
        return Row(people, generated, imported, run);
    }

    /// <summary>The same list with nothing on paper: rows that would get paper are refused, and not counted.</summary>
    public static string MeasureDigital(string program, int people)
    {
        using var folder = new LoadFolder();
        folder.Generate(program, people);
        folder.Import(program);
        var path = Path.Combine(folder.Job, "job.json");
        var order = JsonNode.Parse(File.ReadAllText(path))!;
        order["channel"] = "digital-only";
        order["stopAtRefusedShare"] = 1;
        File.WriteAllText(path, order.ToJsonString());
        var run = folder.Run(program, "run", folder.Job, "--json");
        using var report = JsonDocument.Parse(run.Output);
        var digital = report.RootElement.GetProperty("digital").GetInt64();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{digital} digital letters in {run.Seconds:0.0} s: {digital / run.Seconds:0} a second, "
                + $"{run.PeakBytes / 1_000_000} MB");
    }

    static string Row(int people, MeasuredProcess generated, MeasuredProcess imported, MeasuredProcess run)
    {
        using var report = JsonDocument.Parse(run.Output);
        var rows = report.RootElement.GetProperty("rows").GetInt64();
        var seconds = report.RootElement.GetProperty("seconds");
        string Stage(string name) => Text(seconds.GetProperty(name).GetDouble());
        string[] cells =
        [
            Text(people), Text(rows), Text(report.RootElement.GetProperty("paper").GetInt64()), Text(generated.Seconds),
            Text(imported.Seconds), Text(run.Seconds), Text((long)(rows / run.Seconds)), Stage("validate"),
            Stage("route"),
            Stage("compose"), Stage("handoff"), Text(run.PeakBytes / 1_000_000),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Text(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);
}
