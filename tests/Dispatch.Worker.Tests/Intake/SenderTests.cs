using Dispatch.Routing;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Intake.Senders;
using Npgsql;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>Who may send, and what becomes of the jobs of those who may not.</summary>
public sealed class SenderTests : IAsyncLifetime, IDisposable
{
    const string Cvr = "19552101";

    readonly TestDatabase _database = new();
    readonly IntakeSite _site = new();

    NpgsqlDataSource Source => _database.DataSource;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await _database.ExecuteAsync(
            $"insert into dispatch.keys (key_id, state) values ('{_site.Keys.FirstKeyId}', 'current')");
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task SubmitAsync_SenderUnknownOfAnotherKindOrClosed_AcceptsNothing()
    {
        Assert.Equal("sender.unknown", await RefusedAsync());
        await AddAsync("private", "CPR-loven § 99");
        Assert.Equal("sender.kind", await RefusedAsync());
        await SenderTable.CloseAsync(Source, Cvr, "anna", default);
        Assert.Equal("sender.closed", await RefusedAsync());
        Assert.Equal("sender.closed", await RefusedAsync(isOpen: true));   // open is for those nobody knows

        Assert.Empty(_site.SpooledFiles);
        Assert.Equal(0L, await _database.QueryAsync<long>("select count(*) from dispatch.jobs"));
        await AddAsync("public");
        Assert.False((await SubmitAsync()).IsRepeat);
    }

    [Fact]
    public async Task SubmitAsync_UnderAnotherNameThanItWasAddedUnder_IsRefused()
    {
        await SenderTable.AddAsync(Source, Cvr, "Banken", "public", "", "anna", default);
        Assert.Equal("sender.name", await RefusedAsync());
        Assert.Equal("sender.name", await RefusedAsync(Setting(isOpen: true) with { OnlySender = Cvr }));

        Assert.False((await SubmitAsync(isOpen: true)).IsRepeat);   // the operator's own hand, who may name anybody
    }

    [Fact]
    public async Task SubmitAsync_SenderUnknownWhereAllMaySend_IsAccepted() =>
        Assert.False((await SubmitAsync(isOpen: true)).IsRepeat);

    [Fact]
    public async Task SubmitAsync_ClosedAfterTheJobWasAccepted_FindsTheJobAndTakesNoOther()
    {
        await AddAsync("public");
        var jobId = (await SubmitAsync()).Job.JobId;
        await SenderTable.CloseAsync(Source, Cvr, "anna", default);

        Assert.Equal([jobId], (await SenderTable.FindAsync(Source, Cvr, default)).OpenJobs);
        var again = await SubmitAsync();
        Assert.Equal((jobId, true), (again.Job.JobId, again.IsRepeat));
        _site.Write("job.json", IntakeSite.OrderJson("another"));
        Assert.Equal("sender.closed", await RefusedAsync());
    }

    [Fact]
    public async Task AcceptAsync_ClosedWhileTheListWasChecked_IsRefused()
    {
        await AddAsync("public");
        using var job = await _site.CheckAsync();
        await SenderTable.CloseAsync(Source, Cvr, "anna", default);

        var fault = await Assert.ThrowsAsync<DispatchException>(() => JobAcceptance.AcceptAsync(
            Source, job, Setting(isOpen: false), "anna", default));
        Assert.Equal("sender.closed", fault.Code);
    }

    [Fact]
    public async Task CloseAsync_AJobIsBeingAccepted_WaitsForIt()
    {
        await AddAsync("public");
        await using var accepting = await Source.OpenConnectionAsync();
        await using var transaction = await accepting.BeginTransactionAsync();
        using var job = await _site.CheckAsync();
        await SenderRule.DemandAsync(accepting, job.Order.Sender, Setting(isOpen: false), default);

        await using var closing = await Source.OpenConnectionAsync();
        await using var impatient = new NpgsqlCommand("set lock_timeout = 1", closing);
        await impatient.ExecuteNonQueryAsync();
        await using var close = new NpgsqlCommand("update dispatch.senders set name = 'other'", closing);
        var fault = await Assert.ThrowsAsync<PostgresException>(() => close.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, fault.SqlState);
    }

    [Fact]
    public async Task SubmitAsync_InAnotherSendersInbox_IsRefusedWhetherItIsKnownOrNot()
    {
        await AddAsync("public");
        var elsewhere = Setting(isOpen: true) with { OnlySender = "10000009" };
        Assert.Equal("sender.inbox", await RefusedAsync(elsewhere));

        await SubmitAsync();
        Assert.Equal("sender.inbox", await RefusedAsync(elsewhere));
        Assert.True((await SubmitAsync(elsewhere with { OnlySender = Cvr })).IsRepeat);
    }

    [Fact]
    public async Task SubmitAsync_InASendersInboxThroughALink_IsNotOpened()
    {
        var link = Path.Combine(_site.Root, "link");
        Directory.CreateSymbolicLink(link, _site.Job);

        var fault = await Assert.ThrowsAsync<DispatchException>(() => JobAcceptance.SubmitAsync(
            Source, link, Setting(isOpen: true) with { OnlySender = Cvr }, "anna", null, default));
        Assert.Equal("job.missing", fault.Code);
    }

    [Fact]
    public async Task AddAndClose_Repeated_ChangeNothingAndAreOnRecordOnce()
    {
        Assert.True(await AddAsync("private", "CPR-loven § 99"));
        Assert.False(await AddAsync("private", "CPR-loven § 99"));
        Assert.True(await AddAsync("private", "samtykke"));
        var fault = await Assert.ThrowsAsync<DispatchException>(() => AddAsync("public"));
        Assert.Equal(("sender.kind", ExitCode.Usage), (fault.Code, fault.Exit));

        Assert.True(await SenderTable.CloseAsync(Source, Cvr, "anna", default));
        Assert.False(await SenderTable.CloseAsync(Source, Cvr, "anna", default));
        Assert.True(await AddAsync("public"));

        Assert.Equal(
            $"sender_add {Cvr} private CPR-loven § 99|sender_add {Cvr} private samtykke|"
            + $"sender_close {Cvr}|sender_add {Cvr} public",
            await _database.QueryAsync<string>(
                "select string_agg(action || ' ' || detail, '|' order by event_no) "
                + "from dispatch.events where action like 'sender%'"));
        fault = await Assert.ThrowsAsync<DispatchException>(
            () => SenderTable.CloseAsync(Source, "10000009", "anna", default));
        Assert.Equal("sender.unknown", fault.Code);
    }

    Task<bool> AddAsync(string kind, string ground = "") =>
        SenderTable.AddAsync(Source, Cvr, "Prøvestyrelsen", kind, ground, "anna", default);

    IntakeSetting Setting(bool isOpen) => _site.Setting() with { TakesUnknownSenders = isOpen };

    Task<Submission> SubmitAsync(bool isOpen = false) => SubmitAsync(Setting(isOpen));

    Task<Submission> SubmitAsync(IntakeSetting setting) =>
        JobAcceptance.SubmitAsync(Source, _site.Job, setting, "anna", null, default);

    Task<string> RefusedAsync(bool isOpen = false) => RefusedAsync(Setting(isOpen));

    async Task<string> RefusedAsync(IntakeSetting setting)
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(() => SubmitAsync(setting));
        Assert.Equal(ExitCode.Refused, fault.Exit);
        return fault.Code;
    }
}
