using System.Globalization;
using System.Text.Json.Nodes;

namespace Dispatch.LoadRun.Engines;

/// <summary>
/// How does a whole send compare with other ways to do it? The same list and register, on one server with one set of
/// settings and durable commits, each engine in a process of its own. Engines take turns; before each turn what the
/// last one made is dropped and everything is written to disk.
/// </summary>
sealed class EngineComparison(string program, LoadFolder folder, ServerUnderTest server)
{
    const int EntityFrameworkRows = 200_000;
    const int SchedulerRows = 20_000;
    const double Million = 1e6;

    const string Header =
        "| engine | rows | seconds (least–most) | rows/s | its processor s a million | the server's "
        + "| its peak MB | bytes written a row | times dispatch's time |\n|---|---|---|---|---|---|---|---|---|";

    string List => Path.Combine(folder.Job, "recipients.csv");

    /// <summary>Runs the engines and prints the table.</summary>
    /// <param name="peers">Names of those to compare with dispatch; empty = all.</param>
    public static async Task CompareAsync(string program, int people, int runs, string[] peers)
    {
        using var folder = new LoadFolder();
        folder.Generate(program, people);
        folder.Import(program);
        await using var server = await ServerUnderTest.StartAsync(folder.Data);
        await new EngineComparison(program, folder, server).RunAsync(runs, peers);
    }

    /// <summary>One peer, in the process it is measured in.</summary>
    public static async Task SendAsync(string peer, string connectionString, string list, int rows)
    {
        switch (peer)
        {
            case "copy":
                CopySend.Run(connectionString, list, rows);
                break;
            case "entity-framework":
                EntityFrameworkSend.Run(connectionString, list, rows);
                break;
            case "scheduler":
                await SchedulerSend.RunAsync(connectionString, list, rows);
                break;
            default:
                throw new ArgumentException($"no peer is called {peer}", nameof(peer));
        }
    }

    async Task RunAsync(int runs, string[] peers)
    {
        var rows = File.ReadLines(List).Count() - 1;
        Engine[] all =
        [
            new("dispatch", rows, _ => SendByDispatch()),
            new("SQL script", rows, _ => SendByScript()),
            new("COPY and a dictionary", rows, Peer("copy")),
            new("EF Core", Math.Min(rows, EntityFrameworkRows), Peer("entity-framework")),
            new("one scheduler job a row", Math.Min(rows, SchedulerRows), Peer("scheduler")),
        ];
        if (Array.Find(peers, peer => Array.TrueForAll(all, engine => engine.Name != peer)) is { } unknown)
        {
            throw new ArgumentException($"no engine is called {unknown}", nameof(peers));
        }

        var engines = Array.FindAll(
            all, engine => peers.Length == 0 || engine == all[0] || peers.Contains(engine.Name));
        var results = engines.ToDictionary(engine => engine, _ => new List<EngineRun>());
        for (var run = 0; run < runs; run++)
        {
            foreach (var engine in engines)
            {
                var result = await MeasureAsync(engine);
                results[engine].Add(result);
                await Console.Error.WriteLineAsync($"{engine.Name}: {Text(result.Seconds)} s");
            }
        }

        Console.WriteLine(Header);
        foreach (var engine in engines)
        {
            Console.WriteLine(Line(engine, results[engine], results[engines[0]]));
        }
    }

    async Task<EngineRun> MeasureAsync(Engine engine)
    {
        await server.SettleAsync();
        var before = server.Usage();
        var run = engine.Send(engine.RowsMax);
        return new(engine.RowsMax, run.Seconds, run.ProcessorSeconds, run.PeakBytes, server.Usage() - before);
    }

    // Each turn is a job of its own: the same one would not be sent twice.
    MeasuredProcess SendByDispatch()
    {
        var path = Path.Combine(folder.Job, "job.json");
        var order = JsonNode.Parse(File.ReadAllText(path))!;
        order["reference"] = Guid.NewGuid().ToString("N");
        File.WriteAllText(path, order.ToJsonString());
        return folder.Run(program, "run", folder.Job, "--json");
    }

    MeasuredProcess SendByScript()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "set_based.sql");
        return MeasuredProcess.Run(
            "/bin/sh",
            [
                "-c", "exec psql -q -X -h \"$1\" -U dispatch -d dispatch -f \"$2\" < \"$3\"", "sh", server.SocketFolder,
                script, List,
            ]);
    }

    Func<int, MeasuredProcess> Peer(string name) => rows => MeasuredProcess.Run(
        MeasuredProcess.Self, ["peer", name, server.ConnectionString, List, Text(rows)]);

    static string Line(Engine engine, List<EngineRun> runs, List<EngineRun> ours)
    {
        var seconds = runs.Select(run => run.Seconds).Order().ToList();
        double PerMillion(Func<EngineRun, double> what) => Median(runs, what) / engine.RowsMax * Million;
        var times = Median(runs, run => run.Seconds / run.Rows) / Median(ours, run => run.Seconds / run.Rows);
        string[] cells =
        [
            engine.Name, Text(engine.RowsMax), $"{Text(Median(runs, run => run.Seconds))} "
                + $"({Text(seconds[0])}–{Text(seconds[^1])})",
            Text(engine.RowsMax / Median(runs, run => run.Seconds), "0"),
            Text(PerMillion(run => run.ProcessorSeconds)), Text(PerMillion(run => run.Server.ProcessorSeconds)),
            Text(Median(runs, run => run.PeakBytes) / Million, "0"),
            Text(PerMillion(run => run.Server.WrittenBytes) / Million, "0"), Text(times, "0.00"),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    static double Median(List<EngineRun> runs, Func<EngineRun, double> what) =>
        runs.Select(what).Order().ElementAt(runs.Count / 2);

    static string Text(double number, string format = "0.0") => number.ToString(format, CultureInfo.InvariantCulture);

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
