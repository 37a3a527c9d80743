using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;
using Npgsql;

namespace Dispatch.Worker.Tests.Reporting;

public sealed class HeldRowsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    const int UnsafeRow = LedgerSeed.HeldRow;
    const int MissingRow = 28;

    readonly LedgerSeed _ledger = new(database.Owner);
    readonly HeldRows _held = new(database.DataSource);
    int _job;

    public async Task InitializeAsync()
    {
        await _ledger.ClearAsync();
        _job = await _ledger.AddCompletedJobAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task ListAsync_JobWithHeldRows_GivesThemInOrder()
    {
        var rows = await _held.ListAsync(_job, default).ToListAsync();

        Assert.Equal([3, 28, 53, 78, 103, 128, 153, 178], rows.Select(row => row.Row));
        Assert.Equal((Reason.AddressUnsafe, "ref-3", 0), (rows[0].Reason, rows[0].Reference, rows[0].Votes));
    }

    [Fact]
    public async Task RefuseAsync_HeldRows_AreRefusedAndTheLedgerBalances()
    {
        var outcomes = await _held.RefuseAsync(_job, [MissingRow, UnsafeRow], "anna", " moved away ", default);

        Assert.Equal(
            [new(UnsafeRow, HeldStep.Refused, "refused"), new HeldOutcome(MissingRow, HeldStep.Refused, "refused")],
            outcomes);
        Assert.Equal(
            "operator.refused/moved away/ref-28",
            await _ledger.ScalarAsync<string>($"""
                select code || '/' || detail || '/' || reference
                from dispatch.refused join dispatch.reasons using (reason)
                where job_id = {_job} and row_no = {MissingRow}
                """));
        Assert.Equal("anna", await _ledger.ScalarAsync<string>(
            $"select actor from dispatch.events where action = 'held_refuse' and row_no = {MissingRow}"));
        await AssertRightAsync();
    }

    [Fact]
    public async Task RefuseAsync_Twice_ChangesNothingTheSecondTime()
    {
        await _held.RefuseAsync(_job, [MissingRow], "anna", "moved away", default);

        var outcomes = await _held.RefuseAsync(_job, [MissingRow], "bo", "again", default);

        Assert.Equal([new HeldOutcome(MissingRow, HeldStep.Unchanged, "refused")], outcomes);
        Assert.Equal(1L, await _ledger.ScalarAsync<long>("select count(*) from dispatch.events"));
    }

    [Theory]
    [InlineData(LedgerSeed.DigitalRow)]
    [InlineData(LedgerSeed.RefusedRow)]
    [InlineData(999)]
    public async Task RefuseAsync_RowThatIsNotHeld_DoesNothing(int row)
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => _held.RefuseAsync(_job, [MissingRow, row], "anna", "moved away", default));

        Assert.Equal("held.not_held", fault.Code);
        Assert.Equal(8, await _held.ListAsync(_job, default).CountAsync());
    }

    [Theory]
    [InlineData("", "reason.invalid")]
    [InlineData("two\nlines", "reason.invalid")]
    [InlineData("asked by 310299-4000 herself", "reason.personal")]
    public async Task RefuseAsync_ReasonThatMayNotBeKept_DoesNothing(string reason, string code)
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => _held.RefuseAsync(_job, [MissingRow], "anna", reason, default));

        Assert.Equal(code, fault.Code);
        Assert.DoesNotContain("310299", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReleaseAsync_HeldRow_IsDecidedAgainAndTheLedgerBalances()
    {
        var outcomes = await _held.ReleaseAsync(_job, [MissingRow], "anna", DeliverAsync, default);

        Assert.Equal([new HeldOutcome(MissingRow, HeldStep.Released, "digital")], outcomes);
        await AssertRightAsync();
    }

    [Fact]
    public async Task ReleaseAsync_Twice_ChangesNothingTheSecondTime()
    {
        await _held.ReleaseAsync(_job, [MissingRow], "anna", DeliverAsync, default);

        var outcomes = await _held.ReleaseAsync(_job, [MissingRow], "bo", FailAsync, default);

        Assert.Equal([new HeldOutcome(MissingRow, HeldStep.Unchanged, "digital")], outcomes);
    }

    [Fact]
    public async Task ReleaseAsync_UnsafeAddress_WaitsForASecondOperator()
    {
        Assert.Equal(
            [new HeldOutcome(UnsafeRow, HeldStep.AwaitsSecondOperator, "held")],
            await _held.ReleaseAsync(_job, [UnsafeRow], "anna", FailAsync, default));
        Assert.Equal(
            [new HeldOutcome(UnsafeRow, HeldStep.AwaitsSecondOperator, "held")],
            await _held.ReleaseAsync(_job, [UnsafeRow], "anna", FailAsync, default));
        Assert.Equal(1, (await _held.ListAsync(_job, default).FirstAsync()).Votes);

        Assert.Equal(
            [new HeldOutcome(UnsafeRow, HeldStep.Released, "digital")],
            await _held.ReleaseAsync(_job, [UnsafeRow], "bo", DeliverAsync, default));
        Assert.Equal(
            ["anna held_vote", "bo held_vote", "bo held_release"],
            await _ledger.ScalarAsync<string[]>(
                "select array_agg(actor || ' ' || action order by event_no) from dispatch.events"));
        await AssertRightAsync();
    }

    [Fact]
    public async Task ReleaseAsync_UnsafeAddressHeldAgain_NeedsTwoOperatorsAgain()
    {
        await _held.ReleaseAsync(_job, [UnsafeRow], "anna", FailAsync, default);

        var outcomes = await _held.ReleaseAsync(_job, [UnsafeRow], "bo", HoldAsync, default);

        Assert.Equal([new HeldOutcome(UnsafeRow, HeldStep.HeldAgain, "held")], outcomes);
        Assert.Equal(0, (await _held.ListAsync(_job, default).FirstAsync()).Votes);
        await AssertRightAsync();
    }

    [Fact]
    public async Task ReleaseAsync_DecisionThatLosesARow_IsUndone()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _held.ReleaseAsync(_job, [MissingRow], "anna", (_, _, _, _) => Task.CompletedTask, default));

        Assert.Equal(8, await _held.ListAsync(_job, default).CountAsync());
    }

    [Fact]
    public async Task ReleaseAsync_DecisionThatRecordsNoRelease_IsUndone()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _held.ReleaseAsync(
            _job, [MissingRow], "anna", PutLettersAsync, default));

        Assert.Equal(8, await _held.ListAsync(_job, default).CountAsync());
    }

    [Fact]
    public async Task ReleaseAsync_CancelledJob_DoesNothing()
    {
        await _ledger.ExecuteAsync($"update dispatch.jobs set state = 'cancelled' where job_id = {_job}");

        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => _held.ReleaseAsync(_job, [MissingRow], "anna", FailAsync, default));

        Assert.Equal("job.cancelled", fault.Code);
    }

    static Task FailAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<HeldRow> rows,
        CancellationToken ct) =>
        throw new InvalidOperationException("nothing was to be decided");

    async Task DeliverAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<HeldRow> rows, CancellationToken ct)
    {
        await PutLettersAsync(connection, transaction, rows, ct);
        foreach (var row in rows)
        {
            await using var command = new NpgsqlCommand($"""
                insert into dispatch.releases
                values ({_job}, {row.Row}, decode(md5('{row.Row}'), 'hex'), '2026-1', 1, 'anna')
                """, connection, transaction);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    async Task PutLettersAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<HeldRow> rows, CancellationToken ct)
    {
        foreach (var row in rows)
        {
            await using var command = new NpgsqlCommand($"""
                insert into mailbox.letters_0
                values (0, {_job}, {row.Row}, {row.PersonId}, 101, {row.Facts.Packed}, now(), '\x00')
                """, connection, transaction);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    async Task HoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<HeldRow> rows, CancellationToken ct)
    {
        foreach (var row in rows)
        {
            await using var command = new NpgsqlCommand($"""
                insert into dispatch.held
                values ({_job}, {row.Row}, {row.PersonId}, '', 303, '', {row.Facts.Packed})
                """, connection, transaction);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    async Task AssertRightAsync()
    {
        var audit = await LedgerAudit.RunAsync(
            database.DataSource, _job, "/nowhere", "/nowhere", "/nowhere", TimeProvider.System, default);
        Assert.Equal([], audit.Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}")));
    }
}
