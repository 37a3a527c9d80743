using System.Net;
using System.Net.Sockets;
using Dispatch.System.Tests.Cluster;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.PrintHouse;
using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Trail;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>The service at work on <see cref="CanarySite"/>: inboxes, approval, receipts, a database that hangs up, and what
/// it tells about itself.</summary>
sealed class CanaryWorker : IAsyncDisposable
{
    public const string Job = "canary-worker";

    /// <summary>Whose letters go out by themselves.</summary>
    public static readonly string[] OwnSender = [.. CanarySite.Set("OwnSender", "Cvr=10000041", "ReturnAddress:0=Postgade 1")];

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // On an embedded database there is a second operator only where root may say who it is.
    static readonly bool HasApproval = Environment.IsPrivilegedProcess;

    /// <summary>What does not happen here; each has a test of its own.</summary>
    static readonly string[] ElsewhereTested =
    [
        "approval_withdrawn", "end_session", "enrolment", "held_vote", "hold", "print_out_fault", "purge", "purge_approve", "recall",
        "worker_stop",
    ];

    static readonly JobOrder Order =
        CanarySite.Order(Job) with { Approval = HasApproval ? "required" : "none" };

    readonly CanarySite _canary;
    readonly Workers _workers;
    readonly HttpClient _health = new() { BaseAddress = new($"http://127.0.0.1:{FreePort()}") };
    RunningCommand? _worker;

    public CanaryWorker(CanarySite canary)
    {
        _canary = canary;
        _workers = new(
            canary.Site, ["Worker:InboxPeriod=00:00:00.3", "Worker:AuditAt=00:00", $"Health:Port={_health.BaseAddress.Port}",
                .. OwnSender.Where(argument => argument != "--set")]);
    }

    /// <summary>With all its daily runs due.</summary>
    public async Task StartAsync()
    {
        await _canary.Site.QueryAsAsync("postgres", """
            insert into dispatch.runs (schedule, business_date, node, finished_at, outcome)
            select schedule, '2026-01-01', 'none', now(), 'test' from unnest(array['nightly', 'deadlines', 'audit']) schedule
            """);
        _worker = await _workers.StartAsync();
        await Until.TrueAsync("health", Limit, async () => await AskAsync("/health/ready") == HttpStatusCode.OK);
    }

    public async Task ServeAsync()
    {
        Drop(_canary.Job(Order, [
            .. _canary.People.Select(person => CanarySite.Row(person.Cpr)), CanarySite.Row(CanarySite.LetterWord),
            _canary.Row(1, amount: CanarySite.LetterWord),
        ]), Job);
        var broken = _canary.Job("canary-broken", [_canary.Row(0)]);
        await File.AppendAllTextAsync(Path.Combine(broken, "recipients.csv"), $"\"{CanarySite.NameWord}");
        Drop(broken, "broken");
        if (HasApproval)
        {
            await StateAsync("awaiting_approval");
            (await _canary.RunAsync("approve", Name)).ExpectError(2, "approval.same_operator");
            (await _canary.RunAsAsync("second-pair-of-eyes", "approve", Name)).Expect(0);
        }

        await StateAsync("completed");
        await Until.TrueAsync("the daily runs", Limit, async () => (await _canary.Site.QueryAsAsync("postgres",
            "select count(*) from dispatch.events where action in ('nightly', 'deadlines', 'audit_run')"))[0][0] == "3");
        await ReprintAsync();
        var refused = Path.Combine(_canary.Site.Data, "inbox", "refused", "broken.error.txt");
        await Until.TrueAsync("the refusal", Limit, () => Task.FromResult(File.Exists(refused)));
        await HangUpAsync();
    }

    /// <summary>While all its tables are filled.</summary>
    public async Task StopAsync()
    {
        var dump = await _canary.Site.DumpAsync("--exclude-schema=register");
        Assert.Contains("COPY scheduler.qrtz_triggers", dump, StringComparison.Ordinal);
        Assert.Contains("COPY mailbox.letters_", dump, StringComparison.Ordinal);
        _canary.Note("the dump", dump);
        await TellsOfEverythingAsync();
        await AskAsync("/health");
        await AskAsync("/metrics");
        await _worker!.SignalAsync("TERM");
        _canary.Note(await _worker.EndAsync(Limit)).Expect(0);
    }

    // What is done leaves an event, and none that is not in the document; what the events say is in the dump.
    async Task TellsOfEverythingAsync()
    {
        var documented = DocumentedActions.Read();
        var found = (await _canary.Site.QueryAsAsync("postgres", "select distinct action from dispatch.events"))
            .Select(row => row[0]!).ToList();
        Assert.Equal([], found.Except(documented));
        Assert.Equal([], documented.Except(found).Except(ElsewhereTested).Except(HasApproval ? [] : ["approve"]));
    }

    public async ValueTask DisposeAsync()
    {
        _health.Dispose();
        await _workers.DisposeAsync();
    }

    static string Name => Order.Key;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    async Task<HttpStatusCode> AskAsync(string path)
    {
        try
        {
            using var answer = await _health.GetAsync(path);
            _canary.Note(path, $"{answer}{await answer.Content.ReadAsStringAsync()}");
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.ServiceUnavailable; // it does not listen yet
        }
    }

    void Drop(string folder, string name) => Directory.Move(folder, Path.Combine(_canary.Site.Data, "inbox", name));

    Task StateAsync(string state) => Until.TrueAsync(state, Limit, async () =>
    {
        await AskAsync("/metrics");
        return await _canary.Site.QueryAsync("select state from ops.jobs where reference = $1", Job) is [[var now]] && now == state;
    });

    async Task ReprintAsync()
    {
        var batch = PrintBatch.Find(_canary.Site.Outbox, Order)[0];
        var house = new SimulatedPrintHouse(
            Directory.CreateDirectory(Path.Combine(_canary.Site.Data, "receipts", "default")).FullName);
        house.Write(
            SimulatedPrintHouse.Say(batch, "accepted"), SimulatedPrintHouse.Say(batch, batch.Manifest[0], "spoiled"));
        await Until.TrueAsync("the receipts", Limit, async () => await _canary.Site.QueryAsync(
            "select 1 from ops.print_pieces where batch = $1 and state = 'spoiled'", batch.Name) is [_]);
        (await _canary.RunAsync("reprint", batch.Name, "--pieces", batch.Manifest[0].PieceId, "--reason", "torn")).Expect(0);
    }

    // Every part of the worker meets it, tells of it, and goes on.
    async Task HangUpAsync()
    {
        await _canary.Site.QueryAsAsync("postgres", """
            select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
            """);
        var activity = await _canary.Site.QueryAsAsync("postgres", "select query, application_name from pg_stat_activity");
        _canary.Note("pg_stat_activity", string.Join('\n', activity.SelectMany(row => row)));
        await Until.TrueAsync("health again", Limit, async () => await AskAsync("/health/ready") == HttpStatusCode.OK);
    }
}
