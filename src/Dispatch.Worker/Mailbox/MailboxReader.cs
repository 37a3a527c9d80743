using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Mailbox;

/// <summary>Reads mailboxes as the reader, who sees nothing without a ticket; this is who signs them.</summary>
sealed class MailboxReader
{
    const string TrustSql = "select mailbox.trust_ticket_key($1)";

    const string BeginSql = """
        select pg_backend_pid(), (extract(epoch from transaction_timestamp()) * 1000000)::bigint
        """;

    const string ShowSql = "select set_config('dispatch.ticket', $1, true)";

    readonly NpgsqlDataSource _reader;
    readonly byte[] _key;
    readonly TimeSpan _lifetime;

    MailboxReader(NpgsqlDataSource reader, byte[] key, TimeSpan lifetime) =>
        (_reader, _key, _lifetime) = (reader, key, lifetime);

    /// <summary>Makes this installation's tickets good in the database.</summary>
    /// <param name="worker">Connections of the role that may say which key is trusted.</param>
    /// <param name="reader">Connections of the role that reads.</param>
    /// <param name="lifetime">Of a ticket; <see cref="MailboxTicket.Lifetime"/> unless a test wants another.</param>
    public static async Task<MailboxReader> OpenAsync(
        NpgsqlDataSource worker, NpgsqlDataSource reader, KeyRing keys, TimeSpan lifetime, CancellationToken ct)
    {
        var key = keys.DeriveTicketKey();
        await using var command = worker.CreateCommand(TrustSql);
        command.Parameters.Add(new() { Value = key, NpgsqlDbType = NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(ct);
        return new MailboxReader(reader, key, lifetime);
    }

    /// <summary>Opens a person's mailbox as its owner. Whoever calls this has made sure that it is.</summary>
    public Task<MailboxSession> OpenAsync(int personId, CancellationToken ct) => OpenAsync(personId, personId, ct);

    /// <summary>Opens a person's mailbox as somebody: the database shows it when that is the owner, or has read access
    /// at that moment. Whoever calls this has made sure who it is.</summary>
    public async Task<MailboxSession> OpenAsync(int personId, int readerId, CancellationToken ct)
    {
        var connection = await _reader.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(ct);
            var ticket = await SignAsync(connection, personId, readerId, ct);
            await using var show = new NpgsqlCommand(ShowSql, connection, transaction);
            show.Parameters.Add(new() { Value = ticket, NpgsqlDbType = NpgsqlDbType.Text });
            await show.ExecuteNonQueryAsync(ct);
            return new MailboxSession(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    async Task<string> SignAsync(NpgsqlConnection connection, int personId, int readerId, CancellationToken ct)
    {
        await using var begin = new NpgsqlCommand(BeginSql, connection);
        await using var row = await begin.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return MailboxTicket.Sign(_key, personId, readerId, row.GetInt32(0), row.GetInt64(1), _lifetime);
    }
}
