using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Register;
using Dispatch.Worker.Tests.Intake;
using Dispatch.Worker.Tests.Register;

namespace Dispatch.Worker.Tests.Dispatching;

/// <summary>Somebody goes into hiding between the moment a row is decided and the moment its address is read.</summary>
public sealed class MovingRegisterTests : IAsyncLifetime, IDisposable
{
    const int People = 6;

    readonly TestDatabase _database = new();
    readonly IntakeSite _site = new();
    readonly RegisterFolder _folder = new();
    int _reads;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await _database.ExecuteAsync(
            $"insert into dispatch.keys (key_id, state) values ('{_site.Keys.FirstKeyId}', 'current')");
        _site.Write("job.json", IntakeSite.OrderJson("job-1").Replace(
            "\"title\"", "\"channel\": \"paper-only\", \"title\"", StringComparison.Ordinal));
        _site.Write("recipients.csv", $"{IntakeSite.Header}\n" + string.Concat(
            Enumerable.Range(1, People).Select(i => $"{SomePeople.Cpr(i)};{i};Anna\n")));
        await ImportAsync(i => new(SomePeople.Cpr(i)));
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_PeopleGoIntoHidingMeanwhile_NoSecretAddressIsPrinted()
    {
        // The first chunk has its addresses; the second is decided, and reads them a moment too late.
        Assert.Equal(RunStep.Routed, await RunAsync(async read =>
        {
            if (read == 2)
            {
                await ImportAsync(i => new(SomePeople.Cpr(i)) { Status = "03", Protected = "1", Contact = "Secret 1" });
            }
        }));

        Assert.Equal("held address.unsafe 3, paper requested 3", await EffectsAsync());
        Assert.Equal("1, 2", await _database.QueryAsync<string>(
            "select string_agg(register_version::text, ', ' order by chunk_no) from dispatch.chunks"));
    }

    [Fact]
    public async Task RunAsync_RegisterNeverRests_SaysSoAndSendsNothing()
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => RunAsync(read => ImportAsync(i => new(SomePeople.Cpr(i)) { Name = $"Ida {read}" })));

        Assert.Equal(("register.moved", ExitCode.TryAgain), (fault.Code, fault.Exit));
        Assert.Equal(RegisterView.AttemptsMax, _reads);
        Assert.Empty(await EffectsAsync());
    }

    /// <param name="meanwhile">Happens before addresses are read; told the how-manieth time it is.</param>
    async Task<RunStep> RunAsync(Func<int, Task> meanwhile)
    {
        var ct = CancellationToken.None;
        var (job, _) = await JobAcceptance.SubmitAsync(
            _database.DataSource, _site.Job, _site.Setting(new() { ChunkRows = People / 2 }), "somebody", null, ct);
        var reader = new RegisterReader(_database.DataSource);
        var register = new RegisterAccess(
            reader.VersionAsync, reader.CountAsync, reader.LoadAsync, reader.LoadForAsync,
            async (ids, version, cancel) =>
            {
                await meanwhile(++_reads);
                return await reader.AddressesAsync(ids, version, cancel);
            });
        await using var progress = StageProgress.Start(TextWriter.Null, ProgressStyle.None, TimeProvider.System);
        var opening = new JobOpening(
            _database.DataSource, DataFolder.Open(new() { DataFolder = _site.Root }), _site.Keys, FontSet.Load(new()),
            register);
        var settings = new DispatchingSettings { Routers = 1 };
        var planner = new JobPlanner(opening, register.Addresses, settings.CountRouters(), progress);
        return await new SendRun(
            _database.DataSource, settings, opening, planner, register.Addresses, TimeProvider.System, progress)
            .RunAsync(job, ct);
    }

    Task<string> EffectsAsync() => _database.QueryAsync<string>(
        "select coalesce(string_agg(e, ', ' order by e), '') "
        + "from (select effect || ' ' || reason || ' ' || count(*) e from ops.effects group by effect, reason) x");

    Task<RegisterCounts> ImportAsync(Func<int, PersonLine> person) => RegisterImport.RunAsync(
        _database.DataSource, _folder.People([.. Enumerable.Range(1, People).Select(person)]).Path, progress: null,
        CancellationToken.None);
}
