using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Health;
using Dispatch.Worker.Tests.Reporting;
using Npgsql;

namespace Dispatch.Worker.Tests.Health;

public sealed class HealthServerTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime, IDisposable
{
    readonly ChunkMeter _meter = new();
    readonly StandingClock _clock = new();
    readonly HttpClient _client = new();
    string _gate = "";
    int _reads;
    bool _isAway;
    HealthServer _server = null!;
    MetricsPage _metrics = null!;

    public async Task InitializeAsync()
    {
        _metrics = new MetricsPage(_meter, () => _gate, ReadAsync, _clock);
        _server = new(() => _gate, _metrics);
        var port = await _server.StartAsync(HealthServer.Where(new()), default);
        _client.BaseAddress = new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Ready_GateClosed_SaysWhyAndStaysAlive()
    {
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await GetAsync("/health/ready"));
        _gate = "disk.low";
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "disk.low\n"), await GetAsync("/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "live\n"), await GetAsync("/health/live"));
        Assert.Contains("\ndispatch_ready 0\n", (await GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyPath_HeadersOfAProxyOrAnotherMethod_ChangeNothing()
    {
        foreach (var path in new[] { "/health/ready", "/", "/metrics/", "/health" })
        {
            var plain = await GetAsync(path);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = "elsewhere.example";
            foreach (var name in new[]
            {
                "X-Forwarded-For", "X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded",
            })
            {
                request.Headers.TryAddWithoutValidation(name, "/metrics");
            }

            using var answer = await _client.SendAsync(request);
            Assert.Equal(plain, (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        using var posted = await _client.PostAsync("/metrics", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(0, _reads);
    }

    [Fact]
    public async Task Metrics_AThousandRequests_AskTheDatabaseOnceInAWhile()
    {
        for (var i = 0; i < 50; i++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync("/metrics")));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        }

        Assert.Equal(1, _reads);
        _clock.Pass(TimeSpan.FromSeconds(5));
        await GetAsync("/metrics");
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Metrics_JobsAndChunks_AreCountedWithoutNamingAny()
    {
        var ledger = new LedgerSeed(database.Owner);
        await ledger.ClearAsync();
        await ledger.AddCompletedJobAsync();
        await ledger.ExecuteAsync("""
            update dispatch.jobs set state = 'running', submitted_at = now() - interval '1 hour', not_before = null;
            update dispatch.chunks set state = 'open' where chunk_no = 2;
            update dispatch.batches set state = 'handed_off',
                receipt_due = (now() at time zone 'Europe/Copenhagen')::date + 1
            """);
        _meter.Add(TimeSpan.FromSeconds(0.2), 70, 8, 1, 1);
        _meter.Add(TimeSpan.FromSeconds(2), 80, 0, 0, 0);
        _meter.Add(TimeSpan.FromMinutes(2), 5, 0, 0, 0);

        var text = (await GetAsync("/metrics")).Text;

        foreach (var line in new[]
        {
            "dispatch_rows_total{outcome=\"digital\"} 155", "dispatch_rows_total{outcome=\"paper\"} 8",
            "dispatch_rows_total{outcome=\"held\"} 1", "dispatch_rows_total{outcome=\"refused\"} 1",
            "dispatch_chunk_seconds_bucket{le=\"0.1\"} 0", "dispatch_chunk_seconds_bucket{le=\"0.25\"} 1",
            "dispatch_chunk_seconds_bucket{le=\"2.5\"} 2", "dispatch_chunk_seconds_bucket{le=\"+Inf\"} 3",
            "dispatch_chunk_seconds_sum 122.2", "dispatch_chunk_seconds_count 3",
            "dispatch_ready 1", "dispatch_database_up 1",
            "dispatch_jobs{state=\"running\"} 1", "dispatch_open_rows 40", "dispatch_held_rows 8",
            "dispatch_batches_unacknowledged 2",
        })
        {
            Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
        }

        Assert.InRange(ValueOf(text, "dispatch_oldest_job_seconds{state=\"running\"}"), 3_600, 4_000);
        Assert.InRange(ValueOf(text, "dispatch_receipt_deadline_seconds"), 0, 2 * 25 * 3_600);
        Assert.DoesNotContain("19552101", text, StringComparison.Ordinal);
        Assert.DoesNotContain("aarsopgoerelse", text, StringComparison.Ordinal);
        // Prometheus' own rule: a line is a comment, or a name, labels and a number.
        Assert.Matches(
            "^(?:(?:# (?:HELP|TYPE) dispatch_[a-z_]+ .+"
            + "|dispatch_[a-z_]+(?:\\{[a-z]+=\"[^\"]+\"\\})? -?[0-9.]+)\n)+$",
            text);
    }

    [Fact]
    public async Task Metrics_DatabaseAway_AreOfTheProcess()
    {
        _isAway = true;
        var (status, text) = await GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\ndispatch_database_up 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\ndispatch_chunk_seconds_count 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_PortTakenOrNoAddress_SaysSo()
    {
        await using var second = new HealthServer(() => "", new MetricsPage(_meter, () => "", ReadAsync, _clock));
        var where = new IPEndPoint(IPAddress.Loopback, _client.BaseAddress!.Port);
        var fault = await Assert.ThrowsAsync<DispatchException>(() => second.StartAsync(where, default));
        Assert.Equal(("health.port", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.Equal(
            "health.address",
            Assert.Throws<DispatchException>(() => HealthServer.Where(new() { Address = "1:2:3" })).Code);
    }

    [Fact]
    public async Task StartAsync_Defaults_ListenOnLoopbackOnly()
    {
        using var outside = new TcpListener(IPAddress.Parse("127.0.0.2"), _client.BaseAddress!.Port);
        outside.Start();   // would fail if every address was listened on
        outside.Stop();
        Assert.Equal((HttpStatusCode.OK, "live\n"), await GetAsync("/health/live"));
    }

    async Task<IReadOnlyList<QueueFigure>> ReadAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref _reads);
        return _isAway ? throw new NpgsqlException("away") : await QueueFigures.ReadAsync(database.DataSource, ct);
    }

    async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    static double ValueOf(string text, string metric) => double.Parse(
        text.Split('\n').Single(line => line.StartsWith($"{metric} ", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);

    sealed class StandingClock : TimeProvider
    {
        long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
