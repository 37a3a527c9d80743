using System.Globalization;
using System.Text;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Health;

/// <summary>The metrics as Prometheus reads them (text format 0.0.4). However often it is asked for, the database is
/// asked once in a while, by one at a time.</summary>
/// <param name="gate">Why the worker takes nothing; empty = it does.</param>
sealed class MetricsPage(
    ChunkMeter meter, Func<string> gate, Func<CancellationToken, Task<IReadOnlyList<QueueFigure>>> read,
    TimeProvider clock)
    : IDisposable
{
    static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _reading = new(1, 1);
    IReadOnlyList<QueueFigure>? _figures;
    long? _readAt;

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        var figures = await FindAsync(ct);
        var text = new StringBuilder();
        Write(text, meter.Read());
        Gauge(text, "ready", "The worker takes work.", [new("ready", "", gate().Length == 0 ? 1 : 0)]);
        Gauge(text, "database_up", "The database answers.", [new("database_up", "", figures is null ? 0 : 1)]);
        foreach (var (metric, help) in MetricsHelp.OfQueues)
        {
            Gauge(text, metric, help, [.. (figures ?? []).Where(figure => figure.Metric == metric)]);
        }

        return text.ToString();
    }

    public void Dispose() => _reading.Dispose();

    // Null while the database does not answer; that too is kept for a while.
    async Task<IReadOnlyList<QueueFigure>?> FindAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            if (_readAt is not { } then || clock.GetElapsedTime(then) >= KeptFor)
            {
                _figures = await TryReadAsync(ct);
                _readAt = clock.GetTimestamp();
            }

            return _figures;
        }
        finally
        {
            _reading.Release();
        }
    }

    async Task<IReadOnlyList<QueueFigure>?> TryReadAsync(CancellationToken ct)
    {
        try
        {
            return await read(ct);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return null;
        }
    }

    static void Write(StringBuilder text, ChunkFigures figures)
    {
        Head(text, "rows_total", "counter", "Rows whose effect this process committed.");
        foreach (var (outcome, rows) in new[]
        {
            ("digital", figures.Digital), ("paper", figures.Paper),
            ("held", figures.Held), ("refused", figures.Refused),
        })
        {
            Line(text, $"rows_total{{outcome=\"{outcome}\"}}", rows);
        }

        Head(text, "chunk_seconds", "histogram", "From taking a chunk to its commit, in this process.");
        var sum = 0L;
        for (var i = 0; i < figures.Chunks.Count; i++)
        {
            sum += figures.Chunks[i];
            var bound = i < ChunkMeter.Bounds.Length ? Number(ChunkMeter.Bounds[i]) : "+Inf";
            Line(text, $"chunk_seconds_bucket{{le=\"{bound}\"}}", sum);
        }

        Line(text, "chunk_seconds_sum", figures.Seconds);
        Line(text, "chunk_seconds_count", sum);
    }

    static void Gauge(StringBuilder text, string metric, string help, IReadOnlyList<QueueFigure> figures)
    {
        Head(text, metric, "gauge", help);
        foreach (var figure in figures)
        {
            Line(text, figure.State.Length == 0 ? metric : $"{metric}{{state=\"{figure.State}\"}}", figure.Value);
        }
    }

    static void Head(StringBuilder text, string metric, string kind, string help) =>
        text.Append(
            CultureInfo.InvariantCulture, $"# HELP dispatch_{metric} {help}\n# TYPE dispatch_{metric} {kind}\n");

    static void Line(StringBuilder text, string metric, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"dispatch_{metric} {Number(value)}\n");

    static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
