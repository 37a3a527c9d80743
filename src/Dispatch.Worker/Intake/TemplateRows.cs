using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Intake;

/// <summary>Writes a letter's version, once for all jobs that send it.</summary>
static class TemplateRows
{
    public static async Task<int> PutAsync(NpgsqlConnection connection, CheckedJob job, CancellationToken cancel)
    {
        // A second inserter waits for the first and then finds its row.
        const string Insert = """
            insert into dispatch.templates (content_sha256, source, fonts) values ($1, $2, $3)
            on conflict (content_sha256) do nothing returning template_id
            """;
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.Add(new() { Value = job.TemplateSha256, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = job.Letter.Text, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(
            new() { Value = job.FontHashes.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        if (await command.ExecuteScalarAsync(cancel) is not int templateId)
        {
            return await FindAsync(connection, job.TemplateSha256, cancel);
        }

        foreach (var (name, content) in job.Letter.Assets)
        {
            await PutAssetAsync(connection, templateId, name, content, cancel);
        }

        return templateId;
    }

    static async Task<int> FindAsync(NpgsqlConnection connection, byte[] sha256, CancellationToken cancel)
    {
        const string Sql = "select template_id from dispatch.templates where content_sha256 = $1";
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = sha256, NpgsqlDbType = NpgsqlDbType.Bytea });
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }

    static async Task PutAssetAsync(
        NpgsqlConnection connection, int templateId, string name, byte[] content, CancellationToken cancel)
    {
        const string Sql = "insert into dispatch.template_assets (template_id, name, content) values ($1, $2, $3)";
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = templateId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = content, NpgsqlDbType = NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
