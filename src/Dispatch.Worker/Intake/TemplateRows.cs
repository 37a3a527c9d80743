using Dispatch.PrintExport.Pdf;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Intake;

/// <summary>Writes a letter's version, once for all jobs that send it, and the fonts it was checked with.</summary>
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
            new() { Value = job.Fonts.Hashes.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await PutFontsAsync(connection, job.Fonts, cancel);
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

    // Nearly always they are there: asked first, so that megabytes are not sent for nothing.
    static async Task PutFontsAsync(NpgsqlConnection connection, FontSet fonts, CancellationToken cancel)
    {
        const string Missing =
            "select sha256 from unnest($1) s (sha256) where sha256 not in (select sha256 from dispatch.fonts)";
        const string Insert = "insert into dispatch.fonts (sha256, content) values ($1, $2) on conflict do nothing";
        var files = fonts.Files.DistinctBy(file => file.Sha256).ToDictionary(
            file => file.Sha256, StringComparer.Ordinal);
        var missing = new List<string>();
        await using (var command = new NpgsqlCommand(Missing, connection))
        {
            command.Parameters.Add(
                new() { Value = files.Keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
            {
                missing.Add(row.GetString(0));
            }
        }

        foreach (var sha256 in missing)
        {
            await using var command = new NpgsqlCommand(Insert, connection);
            command.Parameters.Add(new() { Value = sha256, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = files[sha256].Bytes.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
            await command.ExecuteNonQueryAsync(cancel);
        }
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
