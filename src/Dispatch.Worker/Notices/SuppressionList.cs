using Dispatch.Routing;
using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Notices;

/// <summary>Addresses and numbers nothing is sent to, because whoever has them said so.</summary>
static class SuppressionList
{
    const string AddSql = """
        insert into register.suppressed_contacts (contact, added_by) values ($1, $2) on conflict do nothing
        """;

    const string RemoveSql = "delete from register.suppressed_contacts where contact = $1";

    /// <returns>False when it was on it.</returns>
    /// <exception cref="DispatchException"><c>contact.invalid</c>, exit 2.</exception>
    public static Task<bool> AddAsync(
        NpgsqlDataSource database, string contact, string actor, string reason, CancellationToken ct) =>
        ChangeAsync(database, AddSql, "notices_suppress", actor, reason, ct, Checked(contact), actor);

    /// <returns>False when it was not on it.</returns>
    /// <exception cref="DispatchException"><c>contact.invalid</c>, exit 2.</exception>
    public static Task<bool> RemoveAsync(
        NpgsqlDataSource database, string contact, string actor, string reason, CancellationToken ct) =>
        ChangeAsync(database, RemoveSql, "notices_allow", actor, reason, ct, Checked(contact));

    static async Task<bool> ChangeAsync(
        NpgsqlDataSource database, string sql, string action, string actor, string reason, CancellationToken ct,
        params string[] values)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text });
        }

        var isChanged = await command.ExecuteNonQueryAsync(ct) == 1;
        if (isChanged)
        {
            await Trail.NoteAsync(connection, actor, action, jobId: null, reason, ct);
        }

        await transaction.CommitAsync(ct);
        return isChanged;
    }

    static string Checked(string text) =>
        (EmailAddress.TryParse(text) ?? PhoneNumber.TryParse(text)) is { } contact
            ? Contact.Folded(contact)
            : throw new DispatchException(
                "contact.invalid", "what was given is no e-mail address and no phone number; expected one",
                ExitCode.Usage);
}
