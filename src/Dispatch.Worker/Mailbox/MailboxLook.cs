using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Mailbox;

/// <summary>
/// A look at a mailbox in somebody's place, put on record before it is taken: on the trail without the people, and for
/// the owner, who may ask.
/// </summary>
/// <param name="PersonId">Whose mailbox.</param>
/// <param name="ReaderId">As whom; the same person for the owner.</param>
sealed record MailboxLook(int PersonId, int ReaderId, string Actor, string Reason)
{
    // The trail last: whoever else has something to note waits for it.
    const string Sql = """
        with look as (
            insert into mailbox.looks (person_id, reader_id, actor, action, job_id, row_no, reason)
            values ($1, $2, $3, $4, $5, $6, $7)
        )
        insert into dispatch.events (actor, action, job_id, row_no, detail) values ($3, 'mailbox_' || $4, $5, $6, $8)
        """;

    public Task NoteListAsync(NpgsqlDataSource database, CancellationToken ct) =>
        NoteAsync(database, "list", null, null, ct);

    public Task NoteReadAsync(NpgsqlDataSource database, int jobId, int rowNo, CancellationToken ct) =>
        NoteAsync(database, "read", jobId, rowNo, ct);

    async Task NoteAsync(NpgsqlDataSource database, string action, int? jobId, int? rowNo, CancellationToken ct)
    {
        var role = PersonId == ReaderId ? "as the owner" : "as a reader";
        await using var command = database.CreateCommand(Sql);
        Add(PersonId, NpgsqlDbType.Integer);
        Add(ReaderId, NpgsqlDbType.Integer);
        Add(Actor, NpgsqlDbType.Text);
        Add(action, NpgsqlDbType.Text);
        Add(jobId, NpgsqlDbType.Integer);
        Add(rowNo, NpgsqlDbType.Integer);
        Add(Reason, NpgsqlDbType.Text);
        Add($"{role}: {Reason}", NpgsqlDbType.Text);
        await command.ExecuteNonQueryAsync(ct);

        void Add(object? value, NpgsqlDbType type) =>
            command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
    }
}
