using System.Security.Cryptography;
using System.Text;
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
    /// <summary>
    /// The layout for a letter date: the job's release date, or the date of a dry run. In the fonts the job was
    /// accepted with, also when the machine has others by now.
    /// </summary>
    /// <exception cref="DispatchException"><c>font.changed</c>, exit 78: other fonts than those,
    /// which were not kept. <c>template.changed</c>, exit 1: not the letter that was accepted.</exception>
    public static async Task<LetterLayout> LayOutAsync(
        NpgsqlDataSource database, AcceptedJob job, DateOnly letterDate, FontSet fonts, CancellationToken ct)
    {
        var (source, assets, pinned) = await ReadVersionAsync(database, job, ct);
        letterDate = job.OriginalDate ?? letterDate;
        var isInUse = pinned.SequenceEqual(fonts.Hashes, StringComparer.Ordinal);
        var letterFonts = isInUse ? fonts : await ReadFontsAsync(database, job.JobId, pinned, ct);
        var template = LetterTemplate.ParseAccepted(source, job.Order.Letter, assets);
        return LetterLayout.CreateAccepted(template, SettingOf(job.Order, letterDate), letterFonts);
    }

    /// <summary>The letter as it was accepted, and its pictures by name.</summary>
    /// <exception cref="DispatchException"><c>template.changed</c>, exit 1.</exception>
    public static async Task<(string Source, IReadOnlyDictionary<string, byte[]> Assets)> ReadAsync(
        NpgsqlDataSource database, AcceptedJob job, CancellationToken ct)
    {
        var (source, assets, _) = await ReadVersionAsync(database, job, ct);
        return (source, assets);
    }

    public static LetterSetting SettingOf(JobOrder order, DateOnly letterDate) => new(
        order.Sender.Name, order.Sender.ReturnAddress, order.Title, letterDate,
        EnvelopeProfile.Find(order.Paper.Envelope), order.Paper.IsDuplex, order.Paper.IsColour);

    // Whoever may write to the database must not put other words into letters that were approved as they were.
    static async Task<(string Source, Dictionary<string, byte[]> Assets, string[] Fonts)> ReadVersionAsync(
        NpgsqlDataSource database, AcceptedJob job, CancellationToken ct)
    {
        var assets = await ReadAssetsAsync(database, job.TemplateId, ct);
        await using var command = database.CreateCommand(
            "select source, fonts, content_sha256 from dispatch.templates where template_id = $1");
        command.Parameters.Add(new() { Value = job.TemplateId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var (source, fonts) = (row.GetString(0), row.GetFieldValue<string[]>(1));
        return IsVersion(row.GetFieldValue<byte[]>(2), source, assets, fonts)
            ? (source, assets, fonts)
            : throw Changed(job.JobId);
    }

    // The file may have begun with a byte order mark, which is not kept.
    static bool IsVersion(byte[] sha256, string source, Dictionary<string, byte[]> assets, string[] fonts)
    {
        var letter = Encoding.UTF8.GetBytes(source);
        return sha256.AsSpan().SequenceEqual(TemplateHash.Of(letter, assets, fonts))
            || sha256.AsSpan().SequenceEqual(
                TemplateHash.Of([.. Encoding.UTF8.Preamble, .. letter], assets, fonts));
    }

    static DispatchException Changed(int jobId) => new(
        "template.changed",
        $"the letter of job {jobId}, its pictures or fonts are not those it was accepted with: somebody changed them "
        + "in the database; expected them as their hash says; nothing is made of them: find out who it was, and put "
        + "them back from a backup",
        ExitCode.Failed);

    static async Task<FontSet> ReadFontsAsync(
        NpgsqlDataSource database, int jobId, string[] pinned, CancellationToken ct)
    {
        var files = FontSet.FilesOf(pinned).Distinct().ToArray();
        await using var command = database.CreateCommand(
            "select sha256, content from dispatch.fonts where sha256 = any($1)");
        command.Parameters.Add(new() { Value = files, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        var kept = await ReadFilesAsync(command, ct);
        if (kept.Any(file => Convert.ToHexStringLower(SHA256.HashData(file.Value)) != file.Key))
        {
            throw Changed(jobId);
        }

        return kept.Count == files.Length
            ? FontSet.Restore(pinned, kept)
            : throw new DispatchException(
                "font.changed",
                $"the fonts on this machine are not those job {jobId} was accepted with, and those were not kept; "
                + "expected the same files, so that its letters come out the same; set Printing:Fonts as it was",
                ExitCode.Configuration);
    }

    static async Task<Dictionary<string, byte[]>> ReadAssetsAsync(
        NpgsqlDataSource database, int templateId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select name, content from dispatch.template_assets where template_id = $1");
        command.Parameters.Add(new() { Value = templateId, NpgsqlDbType = NpgsqlDbType.Integer });
        return await ReadFilesAsync(command, ct);
    }

    static async Task<Dictionary<string, byte[]>> ReadFilesAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (await row.ReadAsync(ct))
        {
            files.Add(row.GetString(0), row.GetFieldValue<byte[]>(1));
        }

        return files;
    }
}
