using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// One file of the outbox against its batch. The formats are read from docs/file-formats.md, not from the writer.
/// </summary>
static class BatchFileAudit
{
    const string ManifestHeader = "sequence;piece_id;first_page;pages;sheets;envelope;postage;country;postcode;attempt";

    const string ItemsSql = """
        select i.sequence, i.row_no, i.piece_id, i.first_page, i.pages, i.sheets, p.country, p.postcode,
               coalesce(i.envelope_no, i.sequence)
        from dispatch.batch_pieces i
        join dispatch.pieces p on p.job_id = i.job_id and p.row_no = i.row_no
        where i.batch_id = $3
        order by i.sequence
        """;

    public static async Task<IReadOnlyList<Offender>> FindAsync(
        AuditScope scope, OutboxEntry file, RecordedBatch batch, CancellationToken ct)
    {
        try
        {
            var findings = file.Kind switch
            {
                OutboxListing.Pdf => await CompareDigestAsync(file.Path, batch.PdfBytes, batch.PdfSha256, ct),
                OutboxListing.Manifest => await CompareManifestAsync(scope, file.Path, batch, ct),
                _ => CompareTicket(await File.ReadAllTextAsync(file.Path, ct), batch),
            };
            return findings.Take(InvariantResult.OffendersMax + 1)
                .Select(finding => new Offender(batch.JobId, null, finding.Row, batch.Name, finding.Text)).ToList();
        }
        catch (FileNotFoundException)
        {
            return []; // taken by the print house since the folder was listed
        }
    }

    static async Task<List<Finding>> CompareDigestAsync(string path, long bytes, string sha256, CancellationToken ct)
    {
        var kind = Path.GetExtension(path) == ".pdf" ? "PDF" : "manifest";
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        if (file.Length != bytes)
        {
            return [new(null, $"its {kind} has {file.Length} bytes, recorded are {bytes}")];
        }

        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
        return hash == sha256 ? [] : [new(null, $"its {kind} has SHA-256 {hash}, recorded is {sha256}")];
    }

    static async Task<List<Finding>> CompareManifestAsync(
        AuditScope scope, string path, RecordedBatch batch, CancellationToken ct)
    {
        var findings = await CompareDigestAsync(path, batch.ManifestBytes, batch.ManifestSha256, ct);
        using var manifest = new StreamReader(path);
        if (await manifest.ReadLineAsync(ct) != ManifestHeader)
        {
            findings.Add(new(null, "its manifest has another header"));
        }

        await using var command = scope.Command(
            ItemsSql, new NpgsqlParameter { Value = batch.BatchId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (findings.Count <= InvariantResult.OffendersMax && await row.ReadAsync(ct))
        {
            var expected = string.Create(
                CultureInfo.InvariantCulture,
                $"{row.GetInt32(8)};{row.GetString(2)};{row.GetInt32(3)};{row.GetInt32(4)};{row.GetInt32(5)};")
                + $"{batch.Envelope};{batch.Postage};{row.GetString(6)};{row.GetString(7)};{batch.Attempt}";
            if (await manifest.ReadLineAsync(ct) != expected)
            {
                findings.Add(new(row.GetInt32(1), $"line {row.GetInt32(0) + 1} of its manifest is not this piece's"));
            }
        }

        if (findings.Count == 0 && await manifest.ReadLineAsync(ct) is not null)
        {
            findings.Add(new(null, "its manifest has more lines than the batch has pieces"));
        }

        return findings;
    }

    static List<Finding> CompareTicket(string text, RecordedBatch batch)
    {
        var expected = new
        {
            name = batch.Name,
            printHouse = batch.PrintHouse,
            job = new { sender = batch.SenderCvr, reference = batch.Reference },
            attempt = batch.Attempt,
            createdAt = batch.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            pieces = batch.Pieces,
            pages = batch.Pages,
            sheets = batch.Sheets,
            envelope = batch.Envelope,
            postage = batch.Postage,
            duplex = batch.IsDuplex,
            colour = batch.IsColour,
            files = new[]
            {
                FileEntry(OutboxListing.Pdf, batch.PdfBytes, batch.PdfSha256),
                FileEntry(OutboxListing.Manifest, batch.ManifestBytes, batch.ManifestSha256),
            },
        };
        try
        {
            using var ticket = JsonDocument.Parse(text);
            return JsonElement.DeepEquals(ticket.RootElement, JsonSerializer.SerializeToElement(expected))
                ? []
                : [new(null, "its ticket does not say what is recorded")];
        }
        catch (JsonException)
        {
            return [new(null, "its ticket is no JSON")];
        }

        object FileEntry(string kind, long bytes, string sha256) => new { name = batch.Name + kind, bytes, sha256 };
    }

    readonly record struct Finding(int? Row, string Text);
}
