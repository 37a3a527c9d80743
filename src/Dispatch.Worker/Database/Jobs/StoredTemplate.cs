using Dispatch.PrintExport.Templates;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>A letter's version as the database holds it.</summary>
/// <param name="Source">The letter's Markdown.</param>
/// <param name="Assets">Name inside the assets folder to content.</param>
/// <param name="FontHashes">SHA-256 of each font file it was checked with, hexadecimal.</param>
sealed record StoredTemplate(
    int TemplateId, string Source, IReadOnlyDictionary<string, byte[]> Assets, IReadOnlyList<string> FontHashes)
{
    public static async Task<StoredTemplate> LoadAsync(NpgsqlDataSource database, int templateId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            "select source, fonts from dispatch.templates where template_id = $1", connection);
        command.Parameters.Add(new() { Value = templateId, NpgsqlDbType = NpgsqlDbType.Integer });
        string source;
        string[] fonts;
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            await row.ReadAsync(cancel);
            (source, fonts) = (row.GetString(0), row.GetFieldValue<string[]>(1));
        }

        return new(templateId, source, await LoadAssetsAsync(connection, templateId, cancel), fonts);
    }

    /// <param name="fileName">The letter's name in its job folder, for messages.</param>
    public LetterTemplate Parse(string fileName) => LetterTemplate.Parse(Source, fileName, Assets);

    static async Task<Dictionary<string, byte[]>> LoadAssetsAsync(
        NpgsqlConnection connection, int templateId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select name, content from dispatch.template_assets where template_id = $1", connection);
        command.Parameters.Add(new() { Value = templateId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var assets = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel))
        {
            assets.Add(row.GetString(0), row.GetFieldValue<byte[]>(1));
        }

        return assets;
    }
}
