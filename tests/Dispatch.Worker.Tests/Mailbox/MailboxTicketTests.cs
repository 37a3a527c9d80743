using System.Globalization;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Tests.Mailbox;

/// <summary>Every way but the right one to show a ticket leads to an empty mailbox.</summary>
public sealed class MailboxTicketTests(MailboxWorld world) : IClassFixture<MailboxWorld>, IAsyncLifetime
{
    const int Person = 21;
    const int OtherPerson = 31;

    const string LookSql = """
        select (select count(*) from mailbox.letters), (select count(*) from mailbox.inbox), mailbox.ticket_person()
        """;

    static readonly (long, long, int?) Nothing = (0, 0, null);

    NpgsqlConnection _connection = null!;

    public async Task InitializeAsync()
    {
        await world.OpenReaderAsync();
        _connection = await world.Reader.OpenConnectionAsync();
    }

    public async Task DisposeAsync() => await _connection.DisposeAsync();

    [Fact]
    public async Task Look_ValidTicket_ShowsTheMailbox()
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await ShowAsync(_connection, await SignAsync(_connection));

        Assert.Equal((3, 3, Person), await LookAsync(_connection));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("21")]
    [InlineData("1.21.1.1.99999999999999999.0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("' or true --")]
    public async Task Look_NoTicket_ShowsNothing(string ticket)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        Assert.Equal(Nothing, await LookAsync(_connection));

        await ShowAsync(_connection, ticket);

        Assert.Equal(Nothing, await LookAsync(_connection));
    }

    [Theory]
    [InlineData("other person")]
    [InlineData("later expiry")]
    [InlineData("other version")]
    [InlineData("one digit of the signature")]
    [InlineData("signature in capitals")]
    [InlineData("leading zero")]
    [InlineData("line break behind")]
    [InlineData("a hundred thousand more digits")]
    public async Task Look_AlteredTicket_ShowsNothing(string what)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        var ticket = await SignAsync(_connection);
        var fields = ticket.Split('.');
        var altered = what switch
        {
            "other person" => Join(fields, 1, $"{OtherPerson}"),
            "later expiry" => Join(fields, 4, $"{long.Parse(fields[4], CultureInfo.InvariantCulture) + 1}"),
            "other version" => Join(fields, 0, "2"),
            "one digit of the signature" => ticket[..^1] + (ticket[^1] == '0' ? '1' : '0'),
            "signature in capitals" => Join(fields, 5, fields[5].ToUpperInvariant()),
            "leading zero" => Join(fields, 1, "0" + fields[1]),
            "line break behind" => ticket + "\n",
            _ => ticket + new string('0', 100_000),
        };
        Assert.NotEqual(ticket, altered);

        await ShowAsync(_connection, altered);

        Assert.Equal(Nothing, await LookAsync(_connection));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    public async Task Look_ExpiredTicket_ShowsNothing(int seconds)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await ShowAsync(_connection, await SignAsync(_connection, TimeSpan.FromSeconds(seconds)));

        Assert.Equal(Nothing, await LookAsync(_connection));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(0, -1)]
    public async Task Look_TicketForAnotherBackendOrMoment_ShowsNothing(int otherBackend, long otherMicroseconds)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        var (backend, began) = await BackendAsync(_connection);
        var ticket = MailboxTicket.Sign(
            world.Keys.DeriveTicketKey(), Person, Person, backend + otherBackend, began + otherMicroseconds,
            MailboxTicket.Lifetime);

        await ShowAsync(_connection, ticket);

        Assert.Equal(Nothing, await LookAsync(_connection));
    }

    [Fact]
    public async Task Look_TicketUnderAnotherKey_ShowsNothing()
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await ShowAsync(
            _connection, await SignAsync(_connection, key: (await world.OtherKeysAsync()).DeriveTicketKey()));

        Assert.Equal(Nothing, await LookAsync(_connection));
    }

    [Fact]
    public async Task Look_TicketOfAnotherSession_ShowsNothing()
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        var ticket = await SignAsync(_connection);
        await using var other = await world.Reader.OpenConnectionAsync();
        await using var otherTransaction = await other.BeginTransactionAsync();

        await ShowAsync(other, ticket);

        Assert.Equal(Nothing, await LookAsync(other));
    }

    [Fact]
    public async Task Look_TicketOfTheTransactionBefore_ShowsNothing()
    {
        await using (await _connection.BeginTransactionAsync())
        {
            // For the session this time: it outlives its transaction, and the commit.
            var ticket = await SignAsync(_connection);
            await RunAsync(_connection, $"set dispatch.ticket = '{ticket}'");
            Assert.Equal((3, 3, Person), await LookAsync(_connection));
            await RunAsync(_connection, "commit");
        }

        Assert.Equal(Nothing, await LookAsync(_connection));
        await RunAsync(_connection, "reset dispatch.ticket");
    }

    [Fact]
    public async Task Look_KeyReplaced_OldTicketsShowNothing()
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        var ticket = await SignAsync(_connection);
        try
        {
            await world.OpenReaderAsync(keys: await world.OtherKeysAsync());
            await ShowAsync(_connection, ticket);

            Assert.Equal(Nothing, await LookAsync(_connection));
        }
        finally
        {
            await world.OpenReaderAsync();
        }
    }

    // The row security and the barrier of the view come before whatever the reader asks, in every plan.
    [Theory]
    [InlineData("select 1 from mailbox.letters where 1 / (person_id - 31) = 0")]
    [InlineData("select 1 from mailbox.letters where 1 / nullif(length(sealed), 12) = 0 and 1 / (row_no - 31) = 0")]
    [InlineData("select 1 from mailbox.inbox where 1 / (row_no - 31) = 0")]
    [InlineData("select 1 from mailbox.inbox where 1 / (case title when 'Secret' then 0 else 1 end) = 0")]
    public async Task Query_ThatFailsOnWhatIsAnothers_NeverMeetsIt(string sql)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await ShowAsync(_connection, await SignAsync(_connection));

        foreach (var join in new[] { "enable_nestloop", "enable_mergejoin", "enable_hashjoin" })
        {
            await RunAsync(_connection, sql);
            await RunAsync(_connection, $"set local {join} = off");
        }
    }

    [Fact]
    public async Task Query_WithRowSecurityOff_IsRefused()
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await ShowAsync(_connection, await SignAsync(_connection));
        await RunAsync(_connection, "set local row_security = off");

        var fault = await Assert.ThrowsAsync<PostgresException>(
            () => RunAsync(_connection, "select count(*) from mailbox.letters"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, fault.SqlState);
    }

    [Fact]
    public async Task TrustTicketKey_NotOf32Bytes_IsRefused()
    {
        foreach (var key in new[] { "null", "''", "'\\x00'", "decode(repeat('00', 33), 'hex')" })
        {
            await using var command = world.Database.DataSource.CreateCommand(
                $"select mailbox.trust_ticket_key({key})");
            var fault = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InvalidParameterValue, fault.SqlState);
        }
    }

    async Task<string> SignAsync(NpgsqlConnection connection, TimeSpan? lifetime = null, byte[]? key = null)
    {
        var (backend, began) = await BackendAsync(connection);
        return MailboxTicket.Sign(
            key ?? world.Keys.DeriveTicketKey(), Person, Person, backend, began, lifetime ?? MailboxTicket.Lifetime);
    }

    static async Task<(int Backend, long Began)> BackendAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "select pg_backend_pid(), (extract(epoch from transaction_timestamp()) * 1000000)::bigint", connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt32(0), row.GetInt64(1));
    }

    static async Task ShowAsync(NpgsqlConnection connection, string ticket)
    {
        await using var command = new NpgsqlCommand("select set_config('dispatch.ticket', $1, true)", connection);
        command.Parameters.Add(new() { Value = ticket });
        await command.ExecuteNonQueryAsync();
    }

    static async Task<(long Letters, long Inbox, int? Person)> LookAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(LookSql, connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt32(2));
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static string Join(string[] fields, int index, string value) =>
        string.Join('.', fields.Select((field, i) => i == index ? value : field));
}
