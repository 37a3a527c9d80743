using System.Globalization;
using System.Text.Json;

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
