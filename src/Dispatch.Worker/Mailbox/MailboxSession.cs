using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Mailbox;

/// <summary>
/// One person's mailbox, for as long as its ticket is good. Which letters there are is the database's decision: no
/// query here names the person.
/// </summary>
sealed class MailboxSession : IAsyncDisposable
{
    /// <summary>Letters listed at once.</summary>
    public const int PageLettersMax = 1_000;

    const string ListSql = """
        select available_at, sender_cvr, sender_name, title, job_id, row_no from mailbox.inbox
        where ($1::text is null or sender_cvr = $1)
          and ($2::text is null or position(lower($2) in lower(title)) > 0)
          and ($7::text is null
               or to_tsvector('danish', title || ' ' || sender_name) @@ websearch_to_tsquery('danish', $7))
          and ($3::timestamptz is null or (available_at, job_id, row_no) < ($3, $4, $5))
        order by available_at desc, job_id desc, row_no desc
        limit $6
        """;

    const string FindSql = "select person_id, sealed from mailbox.letters where job_id = $1 and row_no = $2";

    const string AskSql = "select mailbox.ticket_person() is not null";

    readonly NpgsqlConnection _connection;
    readonly NpgsqlTransaction _transaction;

    internal MailboxSession(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    /// <summary>The letters there are, newest first.</summary>
    /// <param name="letters">At most this many, up to <see cref="PageLettersMax"/>.</param>
    /// <param name="after">Go on after this one, which ended the page before.</param>
    /// <exception cref="DispatchException"><c>mailbox.ticket</c>, exit 75.</exception>
    public async Task<IReadOnlyList<MailboxEntry>> ListAsync(
        MailboxFilter filter, int letters, MailboxEntry? after, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(letters, PageLettersMax);
        await using var command = new NpgsqlCommand(ListSql, _connection, _transaction);
        Add(command, filter.SenderCvr, NpgsqlDbType.Text);
        Add(command, filter.TitlePart, NpgsqlDbType.Text);
        Add(command, after?.AvailableAt, NpgsqlDbType.TimestampTz);
        Add(command, after?.JobId, NpgsqlDbType.Integer);
        Add(command, after?.RowNo, NpgsqlDbType.Integer);
        Add(command, letters, NpgsqlDbType.Integer);
        Add(command, filter.Words, NpgsqlDbType.Text);
        var found = new List<MailboxEntry>();
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                found.Add(new(
                    row.GetDateTime(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4),
                    row.GetInt32(5)));
            }
        }

        if (found.Count == 0)
        {
            await DemandTicketAsync(ct);
        }

        return found;
    }

    /// <summary>A letter as it is stored; null when this mailbox has none such.</summary>
    /// <exception cref="DispatchException"><c>mailbox.ticket</c>, exit 75.</exception>
    public async Task<SealedLetter?> FindAsync(int jobId, int rowNo, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(FindSql, _connection, _transaction);
        Add(command, jobId, NpgsqlDbType.Integer);
        Add(command, rowNo, NpgsqlDbType.Integer);
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            if (await row.ReadAsync(ct))
            {
                return new(row.GetInt32(0), row.GetFieldValue<byte[]>(1));
            }
        }

        await DemandTicketAsync(ct);
        return null;
    }

    /// <summary>Whether the database shows this mailbox to who opened it: not to a reader without read access.
    /// </summary>
    public async Task<bool> MayReadAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(AskSql, _connection, _transaction);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    // To a reader whose ticket is not good every mailbox looks empty. Nobody is to be told that.
    async Task DemandTicketAsync(CancellationToken ct)
    {
        if (!await MayReadAsync(ct))
        {
            throw new DispatchException(
                "mailbox.ticket",
                "the database no longer takes the ticket for this mailbox; expected one that is not older than "
                + "its lifetime, signed with the key of this installation; open the mailbox again",
                ExitCode.TryAgain);
        }
    }

    static void Add(NpgsqlCommand command, object? value, NpgsqlDbType type) =>
        command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}
