using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Dispatching.Control;
using Dispatch.Worker.Intake.Senders;
using Dispatch.Worker.Notices;
using Dispatch.Worker.Register;
using Dispatch.Worker.Register.Changes;
using Dispatch.Worker.Tests.Dispatching;
using Dispatch.Worker.Tests.Register;

namespace Dispatch.Worker.Tests.Database;

/// <summary>What operators do to the register, to senders, notices and jobs: each act is in the trail.</summary>
public sealed class ActEventsTests : IAsyncLifetime
{
    const uint Cvr = 19552101;

    static readonly DateTimeOffset Now = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    static readonly (string First, string Second) People = (SomePeople.Cpr(1), SomePeople.Cpr(2));

    readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Acts_OfEveryKind_LeaveAnEventEach()
    {
        var db = _database.DataSource;
        using (var folder = new RegisterFolder())
        {
            folder.People(new PersonLine(People.First), new PersonLine(People.Second));
            await RegisterImport.RunAsync(db, folder.Path, null, default);
        }

        using var changes = new ChangeFolder();
        changes.People(ChangeFolder.Put("2026-03-01", new PersonLine(SomePeople.Cpr(9))))
            .Companies(ChangeFolder.Put(
                "2026-03-01", $"{Cvr};Skattestyrelsen;;Sluseholmen 8B;;2450;København SV;;active;;"));
        var jobId = (await ShardedJob.AddAsync(_database)).JobId;
        var plan = new JobPlan(new EffectCounts(), new Dictionary<int, int[]>(), [], 0, 1);

        await LeavesAsync(
            "register_changes", () => RegisterChanges.ImportAsync(db, changes.Path, Now, _ => { }, default));
        await LeavesAsync(
            "register_change", () => Exemption.SetAsync(db, People.First, true, null, false, Now, default));
        await LeavesAsync(
            "register_change", () => Exemption.SetAsync(db, People.First, false, null, false, Now, default));
        await LeavesAsync("register_change", () => ReadAccess.GrantAsync(
            db, People.First, People.Second, "self", "none", null, Now, default));
        await LeavesAsync("register_change", () => ReadAccess.EndAsync(
            db, People.First, People.Second, Now.AddMinutes(1), default));
        await LeavesAsync("register_change", () => SenderRegistration.AddAsync(db, People.First, Cvr, Now, default));
        await LeavesAsync("register_change", () => SenderRegistration.EndAsync(db, People.First, Cvr, Now, default));
        await LeavesAsync(
            "sender_add", () => SenderTable.AddAsync(db, $"{Cvr}", "Skattestyrelsen", "public", "", "anna", default));
        await LeavesAsync("sender_close", () => SenderTable.CloseAsync(db, $"{Cvr}", "anna", default));
        await LeavesAsync(
            "notices_suppress", () => SuppressionList.AddAsync(db, "ida@example.dk", "anna", "bounced", default));
        await LeavesAsync(
            "notices_allow", () => SuppressionList.RemoveAsync(db, "ida@example.dk", "anna", "healed", default));
        await LeavesAsync("pause", () => JobPause.PauseAsync(db, jobId, "anna", "test", default));
        await LeavesAsync("approve", () => JobApproval.ApproveAsync(db, jobId, plan, "bent", default));
    }

    async Task LeavesAsync(string action, Func<Task> act)
    {
        var before = await LastAsync();
        await act();
        Assert.Equal(
            action, await _database.QueryAsync<string>(
                $"select string_agg(action, ',') from dispatch.events where event_no > {before}"));
    }

    Task<long> LastAsync() => _database.QueryAsync<long>("select coalesce(max(event_no), 0) from dispatch.events");
}
