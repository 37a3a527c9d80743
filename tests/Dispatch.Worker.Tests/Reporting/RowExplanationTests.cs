using Dispatch.Routing;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Tests.Reporting;

public sealed class RowExplanationTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    readonly LedgerSeed _ledger = new(database.Owner);
    int _job;

    public async Task InitializeAsync()
    {
        await _ledger.ClearAsync();
        _job = await _ledger.AddCompletedJobAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task FindAsync_PaperRow_GivesRuleFactsAndPiece()
    {
        var row = await FindAsync(LedgerSeed.PaperRow);

        Assert.Equal(("paper", "exempt", 12), (row.Effect, row.Reason, row.Rule?.Number));
        Assert.Equal(("2026-1", 1L), (row.RuleSet, row.RegisterVersion));
        Assert.Equal(new(2026, 3, 9), row.ReleaseDate);
        Assert.Equal(new(2026, 3, 9, 6, 0, 20, DateTimeKind.Utc), row.DecidedAt);
        Assert.Equal(("01", 44), (row.Facts?.Status, row.Facts?.Age));
        Assert.Equal(
            (1, 1, "handed_off"), row.Pieces.Select(piece => (piece.Sequence, piece.Attempt, piece.State)).Single());
    }

    [Fact]
    public async Task FindAsync_DigitalRow_GivesWhenItIsAvailable()
    {
        var row = await FindAsync(LedgerSeed.DigitalRow);

        Assert.Equal(("digital", "voluntary", 15), (row.Effect, row.Reason, row.Rule?.Number));
        Assert.Equal(new(2026, 3, 9, 6, 0, 20, DateTimeKind.Utc), row.AvailableAt);
        Assert.Empty(row.Pieces);
    }

    [Fact]
    public async Task FindAsync_RefusedRow_GivesDetailAndNoPerson()
    {
        var row = await FindAsync(LedgerSeed.RefusedRow);

        Assert.Equal(
            ("refused", "cpr.date", 1, "column recipient"), (row.Effect, row.Reason, row.Rule?.Number, row.Detail));
        Assert.Equal((false, null), (row.Facts!.InRegister, row.Facts.Age));
    }

    [Fact]
    public async Task FindAsync_RowOfOpenChunk_IsNotDecided()
    {
        await _ledger.ExecuteAsync($"""
            update dispatch.jobs set state = 'running' where job_id = {_job};
            update dispatch.chunks set state = 'open' where job_id = {_job} and chunk_no = 0;
            delete from mailbox.letters where job_id = {_job} and row_no = 1
            """);

        var row = await FindAsync(1);

        Assert.Null(row.Effect);
        Assert.Equal("not decided yet: the job is running", row.Meaning);
    }

    [Fact]
    public async Task FindAsync_ReleasedRow_GivesTheDecisionOfTheRelease()
    {
        await _ledger.ExecuteAsync($"""
            insert into register.versions (people, companies) values (1, 1);
            update dispatch.held set reason = 302 where job_id = {_job} and row_no = 3;
            insert into dispatch.releases values ({_job}, 3, '', '2026-2', 2, 'anna', '2026-04-01 08:00Z')
            """);

        var row = await FindAsync(3);

        Assert.Equal(("2026-2", 2L, "anna"), (row.RuleSet, row.RegisterVersion, row.ReleasedBy));
        Assert.Equal(new(2026, 4, 1, 8, 0, 0, DateTimeKind.Utc), row.DecidedAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public async Task FindAsync_RowOutsideTheList_IsRefused(int row) =>
        Assert.Equal("row.unknown", (await Assert.ThrowsAsync<DispatchException>(() => FindAsync(row))).Code);

    [Fact]
    public async Task ToJson_AnyRow_HoldsNoReferenceAndNoNulls()
    {
        var json = (await FindAsync(LedgerSeed.RefusedRow)).ToJson();

        Assert.DoesNotContain("ref;", json, StringComparison.Ordinal);
        Assert.Contains("\"rule\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_Company_SpeakOfNoPerson()
    {
        var facts = EffectFacts.Of(PersonFacts.Company(true, false, true, false), false, 0, 0);

        var explained = ExplainedFacts.Of(facts, isPrivateSender: true);

        Assert.Equal(
            (true, "closed", null, null),
            (explained.IsCompany, explained.Status, explained.Age, explained.IsProtected));
    }

    [Fact]
    public void Facts_InWords_SayWhatTheRulesRead()
    {
        var person = PersonFacts.Person(3, true, false, true, true, false, false);

        Assert.Equal(
            "civil status 03, age 44, not exempt, signed up voluntarily, name and address protection, contact address, "
            + "no registered address, registered with the sender, numbers followed: 2",
            ExplainedFacts.Of(EffectFacts.Of(person, true, 44, 2), isPrivateSender: true).ToString());
        Assert.Equal(
            "nobody (numbers followed: 1)", ExplainedFacts.Of(EffectFacts.NotFound(false, 1), false).ToString());
    }

    Task<RowExplanation> FindAsync(int row) => RowExplanation.FindAsync(database.DataSource, _job, row, default);
}
