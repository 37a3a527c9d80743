using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Notices;

/// <summary>In which language a person is told: Danish, unless another one is set.</summary>
static class NoticeLanguage
{
    public const string Danish = "da";
    public const string English = "en";

    const string SetSql = """
        insert into register.notice_languages (person_id, language) values ($1, $2)
        on conflict (person_id) do update set language = excluded.language
        """;

    public static async Task SetAsync(
        NpgsqlDataSource database, int personId, string language, string actor, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(SetSql, connection);
        command.Parameters.Add(new() { Value = personId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = language, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
        await Trail.NoteAsync(connection, actor, "notices_language", jobId: null, language, ct);
        await transaction.CommitAsync(ct);
    }
}
