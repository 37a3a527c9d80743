using NpgsqlTypes;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-13 and I-41: what lies in the outbox is what the database says. A handed-off file that is gone is normal: the
/// print
/// house took it.
/// </summary>
static class OutboxAudit
{
    const string SamePromise = "files in the outbox have the size, hash and content recorded for their batch";

    const string KnownPromise = "the outbox holds nothing but files of batches whose hand-off was begun";

    const string BatchesSql = """
        select b.batch_id, b.job_id, b.name, b.print_house, b.envelope, b.postage, b.duplex, b.colour, b.attempt,
               b.pieces, b.pages, b.sheets, b.created_at, b.handoff_started_at is not null, j.state = 'completed',
               coalesce(encode(b.pdf_sha256, 'hex'), ''), coalesce(b.pdf_bytes, 0),
               coalesce(encode(b.manifest_sha256, 'hex'), ''), coalesce(b.manifest_bytes, 0), j.sender_cvr, j.reference
        from dispatch.batches b
        join dispatch.jobs j on j.job_id = b.job_id
        where b.name = any($3) and ($1::int is null or b.job_id = $1)
        """;

    public static async Task<IReadOnlyList<InvariantResult>> RunAsync(
        AuditScope scope, IReadOnlyList<OutboxEntry> files, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var batches = await ReadBatchesAsync(scope, files, ct);
        var strangers = FindStrangers(scope, files, batches).Take(InvariantResult.OffendersMax + 1).ToList();
        var known = InvariantResult.Of("I-41", KnownPromise, files.Count > 0, strangers, time.GetElapsedTime(start));

        start = time.GetTimestamp();
        var others = new List<Offender>();
        var compared = 0;
        foreach (var file in files.Where(file => !file.IsPart && file.Kind.Length > 0))
        {
            if (others.Count <= InvariantResult.OffendersMax && batches.TryGetValue(file.Batch, out var batch))
            {
                others.AddRange(await BatchFileAudit.FindAsync(scope, file, batch, ct));
                compared++;
            }
        }

        return [InvariantResult.Of("I-13", SamePromise, compared > 0, others, time.GetElapsedTime(start)), known];
    }

    static IEnumerable<Offender> FindStrangers(
        AuditScope scope, IReadOnlyList<OutboxEntry> files, Dictionary<string, RecordedBatch> batches)
    {
        foreach (var file in files)
        {
            if (!batches.TryGetValue(file.Batch, out var batch) || file.Kind.Length == 0)
            {
                // Of another job, when only one is looked at.
                if (scope.JobId is null)
                {
                    yield return new(
                        null, null, null, null, $"{file.PrintHouse}/{Path.GetFileName(file.Path)} belongs to no batch");
                }
            }
            else if (!batch.IsHandoffStarted)
            {
                yield return new(
                    batch.JobId, null, null, batch.Name, $"its {file.Kind} is out before its hand-off began");
            }
            else if (file.PrintHouse != batch.PrintHouse)
            {
                yield return new(
                    batch.JobId, null, null, batch.Name,
                    $"its {file.Kind} lies with print house {file.PrintHouse}, not {batch.PrintHouse}");
            }
            else if (file.IsPart && batch.IsJobCompleted)
            {
                yield return new(batch.JobId, null, null, batch.Name, $"a part of its {file.Kind} was left behind");
            }
        }
    }

    static async Task<Dictionary<string, RecordedBatch>> ReadBatchesAsync(
        AuditScope scope, IReadOnlyList<OutboxEntry> files, CancellationToken ct)
    {
        var batches = new Dictionary<string, RecordedBatch>(StringComparer.Ordinal);
        await using var command = scope.Command(BatchesSql, new Npgsql.NpgsqlParameter
        {
            Value = files.Select(file => file.Batch).Distinct(StringComparer.Ordinal).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            batches[row.GetString(2)] = new()
            {
                BatchId = row.GetInt32(0),
                JobId = row.GetInt32(1),
                Name = row.GetString(2),
                PrintHouse = row.GetString(3),
                Envelope = row.GetString(4),
                Postage = row.GetString(5),
                IsDuplex = row.GetBoolean(6),
                IsColour = row.GetBoolean(7),
                Attempt = row.GetInt16(8),
                Pieces = row.GetInt32(9),
                Pages = row.GetInt32(10),
                Sheets = row.GetInt32(11),
                CreatedAt = row.GetDateTime(12),
                IsHandoffStarted = row.GetBoolean(13),
                IsJobCompleted = row.GetBoolean(14),
                PdfSha256 = row.GetString(15),
                PdfBytes = row.GetInt64(16),
                ManifestSha256 = row.GetString(17),
                ManifestBytes = row.GetInt64(18),
                SenderCvr = row.GetString(19),
                Reference = row.GetString(20),
            };
        }

        return batches;
    }
}
