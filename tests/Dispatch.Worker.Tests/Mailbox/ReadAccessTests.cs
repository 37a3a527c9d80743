using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Mailbox;
using Npgsql;

namespace Dispatch.Worker.Tests.Mailbox;

/// <summary>Read access as the database enforces it, probed from every side. Person 21 is the owner.</summary>
public sealed class ReadAccessTests(MailboxWorld world) : IClassFixture<MailboxWorld>, IAsyncLifetime
{
    const int Owner = 21;
    const int Spouse = 31;
    const int Ended = 41;
    const int Future = 51;
    const int SpousesReader = 61;
    const int Stranger = 71;
    const int UnderOldNumber = 81;

    public Task InitializeAsync() => world.Database.ExecuteAsync(
        $"""
        truncate register.people, register.read_access;
        insert into register.people
            (cpr, person_id, facts, birth_day, status, current_cpr, name, protected, exempt, voluntary, notify)
        select 1000000000 + id, id, 1, 0, 1, null, 'P', false, false, false, 'none'
        from unnest(array[{Owner}, {Spouse}, {Ended}, {Future}, {SpousesReader}, {Stranger}, {UnderOldNumber}]) id
        union all
        select 1000000900, 900, 60, 0, 60, 1000000000 + {UnderOldNumber}, 'P', false, false, false, 'none'
        union all
        select 1000000901, 901, 60, 0, 60, 1000000000 + {Owner}, 'P', false, false, false, 'none';
        insert into register.read_access (owner, reader, granted_by, valid_from, valid_to, notify) values
            (1000000000 + {Owner}, 1000000000 + {Spouse}, 'self', '2026-01-01', null, 'none'),
            (1000000000 + {Owner}, 1000000000 + {Ended}, 'self', '2026-01-01', now() - interval '1 second', 'none'),
            (1000000000 + {Owner}, 1000000000 + {Future}, 'self', now() + interval '1 hour', null, 'none'),
            (1000000000 + {Spouse}, 1000000000 + {SpousesReader}, 'self', '2026-01-01', null, 'none'),
            (1000000901, 1000000900, 'guardian', '2026-01-01', now() + interval '1 hour', 'none')
        """);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(Owner, Owner, true)]
    [InlineData(Owner, Spouse, true)]
    [InlineData(Owner, UnderOldNumber, true)]
    [InlineData(Owner, Ended, false)]
    [InlineData(Owner, Future, false)]
    [InlineData(Owner, SpousesReader, false)]
    [InlineData(Owner, Stranger, false)]
    [InlineData(Spouse, Owner, false)]
    [InlineData(Spouse, SpousesReader, true)]
    [InlineData(900, UnderOldNumber, false)]
    public async Task OpenAsync_AsSomebody_ShowsTheOwnersLettersByAGrantInForceOnly(int owner, int reader, bool isShown)
    {
        var mailboxes = await world.OpenReaderAsync();
        await using var mailbox = await mailboxes.OpenAsync(owner, reader, default);

        Assert.Equal(isShown, await mailbox.MayReadAsync(default));
        if (!isShown)
        {
            await Assert.ThrowsAsync<DispatchException>(() => mailbox.ListAsync(default, 10, after: null, default));
            await Assert.ThrowsAsync<DispatchException>(() => mailbox.FindAsync(world.Jobs[2], owner, default));
            return;
        }

        var letters = await mailbox.ListAsync(default, 10, after: null, default);
        Assert.Equal(world.Jobs.Count, letters.Count);
        Assert.All(letters, letter => Assert.Equal(owner, letter.RowNo));
        var found = await mailbox.FindAsync(world.Jobs[2], owner, default);
        Assert.Equal($"letter of {owner}", Encoding.UTF8.GetString(found!.Values));

        // Nothing of the reader's own comes along, nor of anybody else's.
        Assert.Null(await mailbox.FindAsync(world.Jobs[2], owner == Spouse ? Owner : Spouse, default));
    }

    [Fact]
    public async Task Session_GrantEndedMeanwhile_ShowsNothingFromThenOn()
    {
        var mailboxes = await world.OpenReaderAsync();
        await using var mailbox = await mailboxes.OpenAsync(Owner, Spouse, default);
        Assert.NotEmpty(await mailbox.ListAsync(default, 10, after: null, default));

        await world.Database.ExecuteAsync(
            $"update register.read_access set valid_to = clock_timestamp() where reader = 1000000000 + {Spouse}");

        Assert.False(await mailbox.MayReadAsync(default));
        await Assert.ThrowsAsync<DispatchException>(() => mailbox.FindAsync(world.Jobs[2], Owner, default));
    }

    [Fact]
    public async Task Ticket_OfAReader_CannotBeMadeIntoAnothers()
    {
        await using var connection = await world.Reader.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var ticket = await SignAsync(connection, Owner, Spouse);
        var stranger = await SignAsync(connection, Owner, Stranger);
        var signature = ticket[(ticket.LastIndexOf('.') + 1)..];
        var claims = ticket.Split('.');

        Assert.Equal("21", await PersonAsync(connection, ticket));
        Assert.Equal("", await PersonAsync(connection, stranger));
        Assert.Equal("", await PersonAsync(connection, $"{stranger[..(stranger.LastIndexOf('.') + 1)]}{signature}"));
        Assert.Equal("", await PersonAsync(connection, string.Join('.', claims.Select((c, i) => i == 1 ? "31" : c))));
        Assert.Equal("", await PersonAsync(connection, string.Join('.', claims.Where((_, i) => i != 2))));
        Assert.Equal("", await PersonAsync(connection, string.Join('.', claims.Where((_, i) => i != 2)).Insert(0, "1")[1..]));
        Assert.Equal("", await PersonAsync(connection, "1" + ticket[1..]));
    }

    // What a reader might try with a good ticket for somebody's mailbox: whatever gets through shows that and no more.
    [Theory]
    [InlineData("select count(*) from mailbox.letters where person_id <> 21", "0")]
    [InlineData("select count(*) from mailbox.inbox where person_id <> 21", "0")]
    [InlineData("select count(*) from mailbox.looks_at_mine", "0")]
    [InlineData("select count(*) from mailbox.letters_0", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("select count(*) from mailbox.looks", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("select count(*) from register.read_access", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("select register.may_read(21, 71)", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("select register.numbers_of(21)", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("select mailbox.ticket_claims()", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("insert into register.read_access values (21, 71, 'self', now(), null, 'none')",
        PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("select count(*) from mailbox.letters where 1 / (person_id - 31) > 1000", "0")]
    [InlineData("select person_id::text::date from mailbox.letters where person_id = 31", "")]
    public async Task Query_WithAReadersTicket_ShowsNothingOfOthers(string sql, string outcome)
    {
        await using var connection = await world.Reader.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PersonAsync(connection, await SignAsync(connection, Owner, Spouse));

        Assert.Equal(outcome, await OutcomeAsync(connection, sql));
    }

    [Fact]
    public async Task CopyTo_WithAReadersTicket_HoldsTheOwnersLettersOnly()
    {
        await using var connection = await world.Reader.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PersonAsync(connection, await SignAsync(connection, Owner, Spouse));

        // Of a partitioned table with row security this is its own rows, which are none.
        Assert.Equal("", await CopyAsync(connection, "copy mailbox.letters (person_id) to stdout"));
        Assert.Equal("21\n21\n21\n", await CopyAsync(connection, "copy (select person_id from mailbox.letters) to stdout"));
    }

    [Fact]
    public async Task Looks_OfBothKinds_AreTheOwnersToSee()
    {
        await new MailboxLook(Owner, Spouse, "bo", "a call").NoteReadAsync(
            world.Database.DataSource, world.Jobs[2], Owner, default);
        await new MailboxLook(Spouse, Spouse, "bo", "another call").NoteListAsync(world.Database.DataSource, default);

        await using var connection = await world.Reader.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PersonAsync(connection, await SignAsync(connection, Owner, Owner));

        Assert.Equal("bo read 31 a call", await OutcomeAsync(
            connection, "select string_agg(concat_ws(' ', actor, action, reader_id, reason), ',') from mailbox.looks_at_mine"));
        Assert.Equal("True", await OutcomeAsync(
            connection, "select every(at between now() - interval '1 min' and now()) from mailbox.looks_at_mine"));
        await PersonAsync(connection, await SignAsync(connection, Owner, Spouse));
        Assert.Equal("0", await OutcomeAsync(connection, "select count(*) from mailbox.looks_at_mine"));
        Assert.Equal("mailbox_read as a reader: a call,mailbox_list as the owner: another call",
            await world.Database.QueryAsync<string>(
                "select string_agg(action || ' ' || detail, ',' order by event_no) from dispatch.events where action like 'mailbox_%'"));
    }

    [Theory]
    [InlineData("checken", 1)]
    [InlineData("grønne skattestyrelsens", 1)]
    [InlineData("skattestyrelsen", 3)]
    [InlineData("forskud -skattestyrelsen", 0)]
    [InlineData("'; drop table", 0)]
    public async Task ListAsync_ByWords_FindsTitleAndSender(string words, int letters)
    {
        var mailboxes = await world.OpenReaderAsync();
        await using var mailbox = await mailboxes.OpenAsync(Owner, Spouse, default);

        Assert.Equal(letters, (await mailbox.ListAsync(new(Words: words), 10, after: null, default)).Count);
    }

    async Task<string> SignAsync(NpgsqlConnection connection, int person, int reader)
    {
        await using var command = new NpgsqlCommand(
            "select pg_backend_pid(), (extract(epoch from transaction_timestamp()) * 1000000)::bigint", connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return Worker.Security.MailboxTicket.Sign(
            world.Keys.DeriveTicketKey(), person, reader, row.GetInt32(0), row.GetInt64(1),
            Worker.Security.MailboxTicket.Lifetime);
    }

    static async Task<string> PersonAsync(NpgsqlConnection connection, string ticket)
    {
        await using var command = new NpgsqlCommand("select set_config('dispatch.ticket', $1, true)", connection);
        command.Parameters.Add(new() { Value = ticket });
        await command.ExecuteNonQueryAsync();
        return await OutcomeAsync(connection, "select mailbox.ticket_person()");
    }

    static async Task<string> CopyAsync(NpgsqlConnection connection, string sql)
    {
        using var copy = await connection.BeginTextExportAsync(sql);
        return await copy.ReadToEndAsync();
    }

    // The value, or the state of the refusal; empty for nothing.
    static async Task<string> OutcomeAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
        }
        catch (PostgresException fault)
        {
            return fault.SqlState;
        }
    }
}
