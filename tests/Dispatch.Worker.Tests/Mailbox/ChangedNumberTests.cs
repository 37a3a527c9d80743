using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Register.Changes;
using Dispatch.Worker.Register.Enrolments;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Tests.Mailbox;

/// <summary>
/// A person whose number changed twice, from 1 by 11 to 21, and who had a double number, 31: one mailbox under every one
/// of them. Each of the numbers got its letters before it led to another.
/// </summary>
public sealed class ChangedNumberTests(MailboxWorld world) : IClassFixture<MailboxWorld>, IAsyncLifetime
{
    // The number of person 0; made up.
    const long Cpr = 202_700_000;

    const int FileNo = 7;
    const int Now = 21;
    const int Reader = 41;
    const int Other = 51;

    // Once changed, and back: its number of before leads nowhere any more.
    const int Returned = 61;

    static readonly int[] Ever = [1, 11, Now, 31];

    public Task InitializeAsync() => world.Database.ExecuteAsync(
        $"""
        truncate register.people, register.read_access, register.own_letters, mailbox.looks cascade;
        insert into register.people
            (cpr, person_id, facts, birth_day, status, current_cpr, removed, name, protected, exempt, voluntary, notify)
        select {Cpr} + id, id, 1, 0, status, {Cpr} + current_id, false, 'P', false, false, false, 'none'
        from (values (1, 60, 11), (11, 60, {Now}), ({Now}, 1, null), (31, 50, {Now}),
                     ({Reader}, 1, null), ({Other}, 1, null), ({Returned}, 1, {Now}))
             p(id, status, current_id);
        insert into register.read_access (owner, reader, granted_by, valid_from, valid_to, notify)
        values ({Cpr} + 11, {Cpr} + {Reader}, 'self', '2026-01-01', null, 'none');
        update dispatch.jobs set data_key = '\x01' where job_id <> {world.Jobs[1]}
        """);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(Now, Now)]
    [InlineData(Now, Reader)]
    public async Task OpenAsync_NumberThatOthersLeadTo_ShowsTheLettersOfAllAndOfNobodyElse(int owner, int reader)
    {
        var mailboxes = await world.OpenReaderAsync();
        await using var mailbox = await mailboxes.OpenAsync(owner, reader, default);

        var letters = await mailbox.ListAsync(default, 100, after: null, default);

        Assert.Equal(
            world.Jobs.SelectMany(job => Ever.Select(row => (job, row))).Order(),
            letters.Select(letter => (letter.JobId, letter.RowNo)).Order());
        var found = await mailbox.FindAsync(world.Jobs[2], 1, default);
        Assert.Equal((1, "letter of 1"), (found!.PersonId, Encoding.UTF8.GetString(found.Values)));
        foreach (var stranger in new[] { Reader, Other, Returned })
        {
            Assert.Null(await mailbox.FindAsync(world.Jobs[2], stranger, default));
        }
    }

    /// <summary>A ticket for the older number shows nothing that came to a newer one.</summary>
    [Fact]
    public async Task OpenAsync_OlderNumber_ShowsWhatLedToItOnly()
    {
        var mailboxes = await world.OpenReaderAsync();
        await using var mailbox = await mailboxes.OpenAsync(11, 11, default);

        var letters = await mailbox.ListAsync(default, 100, after: null, default);

        Assert.Equal([1, 11], letters.Select(letter => letter.RowNo).Distinct().Order());
    }

    /// <summary>Numbers that lead to one another, which no register should have.</summary>
    [Fact]
    public async Task OpenAsync_NumbersInACircle_Ends()
    {
        await world.Database.ExecuteAsync(
            $"update register.people set status = 60, current_cpr = {Cpr} + 1 where person_id = {Now}");
        var mailboxes = await world.OpenReaderAsync();
        await using var mailbox = await mailboxes.OpenAsync(Now, Now, default);

        Assert.Equal(Ever.Length * world.Jobs.Count, (await mailbox.ListAsync(default, 100, null, default)).Count);
    }

    [Fact]
    public async Task LookUps_OfAnOlderNumber_AreTheOwnersToSeeAndOnRecord()
    {
        var database = world.Database.DataSource;
        await new MailboxLook(11, 11, "bo", "before").NoteReadAsync(database, world.Jobs[2], 11, default);
        await new MailboxLook(Other, Other, "bo", "another's").NoteListAsync(database, default);

        foreach (var number in new[] { "0202700011", "0202700021" })
        {
            var found = await LookUps.FindAsync(database, number, "bo", "asked", default);
            Assert.Equal(["as the owner: before"], found.Select(one => one.Detail));
        }

        Assert.Equal(["self"], (await ReadAccess.ListAsync(database, "0202700021", default)).Select(one => one.GrantedBy));
    }

    [Fact]
    public async Task ReadAccess_UntilADayThatIsOver_IsRefused()
    {
        var now = new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
        Task<long?> GrantAsync(DateTimeOffset until) => ReadAccess.GrantAsync(
            world.Database.DataSource, "0202700021", "0202700051", "self", "none", until, now, default);

        var fault = await Assert.ThrowsAsync<DispatchException>(() => GrantAsync(now));

        Assert.Equal(("read_access.past", ExitCode.Usage), (fault.Code, fault.Exit));
        Assert.NotNull(await GrantAsync(now.AddHours(1)));
    }

    [Fact]
    public async Task PrintOut_OfANumberThatOthersLeadTo_HasTheLettersOfAll()
    {
        await AskForPrintOutAsync();
        await using (var connection = await world.Database.DataSource.OpenConnectionAsync())
        {
            await PrintOuts.AddAsync(connection, FileNo, new(2026, 5, 1), "anna", default);
        }

        Assert.Equal(
            string.Join(' ', world.Jobs.Order().SelectMany(job => Ever.Select(row => $"{job}/{row}"))),
            await world.Database.QueryAsync<string>(
                "select string_agg(letter_job || '/' || letter_row, ' ' order by letter_job, letter_row) "
                + "from register.print_outs"));
        await world.Database.ExecuteAsync("update register.print_outs set reference = 'once', fault = null");
        var printed = await PrintOuts.LettersAsync(
            world.Database.DataSource, new("once", "print-out-letters", world.Jobs[2]), default);
        Assert.Equal(
            Ever.Select(id => (id, (int?)id)),
            printed.Where(letter => letter.Job == world.Jobs[2]).Select(letter => (letter.Row, letter.PersonId)));
    }

    /// <summary>However many numbers a person had, their letters are looked up, not looked for.</summary>
    [Fact]
    [Trait("Length", "long")]
    public async Task Letters_AmongAMillion_AreFoundByTheIndex()
    {
        await world.Database.ExecuteAsync(
            $"""
            insert into mailbox.letters
            select 77, {world.Jobs[2]}, id, id, 101, 0, '2026-04-01', '\x01' from generate_series(1000, 1000000) id;
            create index on mailbox.letters_77 (person_id, available_at desc);
            analyze mailbox.letters
            """);
        await using (var reader = await world.Reader.OpenConnectionAsync())
        {
            await using var transaction = await reader.BeginTransactionAsync();
            await ShowTicketAsync(reader);
            await ReadAsync(reader, "select sealed from mailbox.letters where person_id > 0");
            await ReadAsync(reader, "select title from mailbox.inbox order by available_at desc limit 10");
            await ReadAsync(reader, $"select from mailbox.letters where job_id = {world.Jobs[2]} and row_no = 1");
            Assert.InRange(await ScannedAsync(reader), 0, 10_000);
        }

        await AskForPrintOutAsync();
        await using var worker = await world.Database.DataSource.OpenConnectionAsync();
        await using var work = await worker.BeginTransactionAsync();
        await PrintOuts.AddAsync(worker, FileNo, new(2026, 5, 1), "anna", default);
        await ReadAsync(
            worker,
            $"""
            with whose as materialized (select register.ids_of({Now}) as ids)
            select from mailbox.letters where person_id = any((select ids from whose)::int[])
            """);
        Assert.InRange(await ScannedAsync(worker), 0, 10_000);
    }

    Task AskForPrintOutAsync() => world.Database.ExecuteAsync(
        $"""
        truncate register.events;
        insert into register.events (kind, number, other, since, effective_at, op, content, file_no, line, version)
        select 'person', {Cpr} + {Now}, 0, '-infinity', now(), 'put', '{"{}"}'::jsonb, {FileNo}, 1, 1
        """);

    async Task ShowTicketAsync(NpgsqlConnection connection)
    {
        await world.OpenReaderAsync();
        await using var command = new NpgsqlCommand(
            "select pg_backend_pid(), (extract(epoch from transaction_timestamp()) * 1000000)::bigint", connection);
        string ticket;
        await using (var row = await command.ExecuteReaderAsync())
        {
            await row.ReadAsync();
            ticket = MailboxTicket.Sign(
                world.Keys.DeriveTicketKey(), Now, Reader, row.GetInt32(0), row.GetInt64(1), MailboxTicket.Lifetime);
        }

        await ReadAsync(connection, $"select set_config('dispatch.ticket', '{ticket}', true)");
    }

    static async Task<long> ScannedAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "select sum(seq_tup_read)::bigint from pg_stat_xact_all_tables where schemaname = 'mailbox'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static async Task ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
    }
}
