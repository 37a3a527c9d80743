using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>Lays out the letter of an accepted job from the template version the database keeps.</summary>
static class JobLetter
{
    /// <summary>The layout for a letter date: the job's release date, or the date of a dry run.</summary>
    /// <exception cref="DispatchException"><c>font.changed</c>, exit 78: other fonts than the ones the job was accepted with
    /// would change the bytes of its letters.</exception>
    public static async Task<LetterLayout> LayOutAsync(
        NpgsqlDataSource database, AcceptedJob job, DateOnly letterDate, FontSet fonts, CancellationToken ct)
    {
        var (source, pinned) = await ReadSourceAsync(database, job.TemplateId, ct);
        if (!pinned.SequenceEqual(fonts.Hashes, StringComparer.Ordinal))
        {
            throw new DispatchException(
                "font.changed",
                $"the fonts on this machine are not those job {job.JobId} was accepted with; expected the same files, so that its "
                + "letters come out the same; set Printing:Fonts, Kerning too, as it was",
                ExitCode.Configuration);
        }

        var template = LetterTemplate.Parse(source, job.Order.Letter, await ReadAssetsAsync(database, job.TemplateId, ct));
        return LetterLayout.Create(template, SettingOf(job.Order, letterDate), fonts);
    }

    public static LetterSetting SettingOf(JobOrder order, DateOnly letterDate) => new(
        order.Sender.Name, order.Sender.ReturnAddress, order.Title, letterDate, EnvelopeProfile.Find(order.Paper.Envelope),
        order.Paper.IsDuplex, order.Paper.IsColour);

    static async Task<(string Source, string[] Fonts)> ReadSourceAsync(
        NpgsqlDataSource database, int templateId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select source, fonts from dispatch.templates where template_id = $1");
        command.Parameters.Add(new() { Value = templateId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetString(0), row.GetFieldValue<string[]>(1));
    }

    static async Task<Dictionary<string, byte[]>> ReadAssetsAsync(
        NpgsqlDataSource database, int templateId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select name, content from dispatch.template_assets where template_id = $1");
        command.Parameters.Add(new() { Value = templateId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        var assets = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (await row.ReadAsync(ct))
        {
            assets.Add(row.GetString(0), row.GetFieldValue<byte[]>(1));
        }

        return assets;
    }
}
