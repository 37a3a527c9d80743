using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-14: one batch per class, number and attempt, and names that anybody can make again. The recipes of
/// docs/file-formats.md are written down a second time here: a fault in the engine's own must not hide itself.
/// </summary>
static class BatchNameAudit
{
    const string Id = "I-14";

    const string Promise = "a batch is there once, and its name and piece ids follow from the job and its pieces";

    const string RepeatedSql = """
        select job_id, null::int, null::int, string_agg(name, ', ' order by name),
               format('%s batches of class %s, number %s, attempt %s', count(*), class, number, attempt)
        from dispatch.batches where $1::int is null or job_id = $1
        group by job_id, class, number, attempt having count(*) > 1
        union all
        select min(job_id), null, null, name, format('%s batches of this name', count(*))
        from dispatch.batches group by name
        having count(*) > 1 and ($1::int is null or $1 = any(array_agg(job_id)))
        union all
        select i.job_id, null, i.row_no, null, format('%s different piece ids', count(distinct i.piece_id))
        from dispatch.batch_pieces i where $1::int is null or i.job_id = $1
        group by i.job_id, i.row_no having count(distinct i.piece_id) > 1
        """;

    const string ItemsSql = """
        select b.batch_id, b.job_id, b.name, j.sender_cvr, j.reference, j.content_sha256, j.release_date, b.class,
               b.number, b.attempt, i.row_no, i.piece_id
        from dispatch.batches b
        join dispatch.jobs j on j.job_id = b.job_id
        left join dispatch.batch_pieces i on i.batch_id = b.batch_id
        where $1::int is null or b.job_id = $1
        order by b.batch_id, i.sequence
        """;

    public static async Task<InvariantResult> RunAsync(AuditScope scope, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var found = await scope.ReadOffendersAsync(RepeatedSql, ct);
        var applies = await RecomputeAsync(scope, found, ct);
        return InvariantResult.Of(Id, Promise, applies, found, time.GetElapsedTime(start));
    }

    static async Task<bool> RecomputeAsync(AuditScope scope, List<Offender> found, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var command = scope.Command(ItemsSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        BatchHead? batch = null;
        while (found.Count <= InvariantResult.OffendersMax && await row.ReadAsync(ct))
        {
            if (batch?.BatchId != row.GetInt32(0))
            {
                CheckName(batch, hash, found);
                batch = new(
                    row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4),
                    Convert.ToHexStringLower(row.GetFieldValue<byte[]>(5)),
                    await row.IsDBNullAsync(6, ct) ? default : row.GetFieldValue<DateOnly>(6),
                    row.GetString(7), row.GetInt32(8), row.GetInt16(9));
                batch.Begin(hash);
            }

            if (row[11] is string pieceId)
            {
                var rowNo = row.GetInt32(10);
                if (pieceId != batch.PieceId(rowNo))
                {
                    found.Add(new(
                        batch.JobId, null, rowNo, batch.Name, "the piece id does not follow from job and row"));
                }

                hash.AppendData(Encoding.UTF8.GetBytes(pieceId + "\n"));
            }
        }

        if (found.Count <= InvariantResult.OffendersMax)
        {
            CheckName(batch, hash, found);
        }

        return batch is not null;
    }

    static void CheckName(BatchHead? batch, IncrementalHash hash, List<Offender> found)
    {
        if (batch is not null && batch.NameOf(hash.GetHashAndReset()) is var name && name != batch.Name)
        {
            found.Add(new(batch.JobId, null, null, batch.Name, $"the name should be {name}"));
        }
    }

    sealed record BatchHead(
        int BatchId, int JobId, string Name, string SenderCvr, string Reference, string ContentSha256,
        DateOnly ReleaseDate, string Class, int Number, int Attempt)
    {
        public void Begin(IncrementalHash hash) => hash.AppendData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{SenderCvr}\n{Reference}\n{Class}\n{Number}\n{Attempt}\n")));

        public string PieceId(int rowNo)
        {
            var input = string.Create(
                CultureInfo.InvariantCulture, $"{SenderCvr}\n{Reference}\n{ContentSha256}\n{rowNo}\n");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input)))[..20];
        }

        public string NameOf(byte[] hash)
        {
            var reference = string.Concat(
                Reference.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
            var hash8 = Convert.ToHexStringLower(hash)[..8];
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{ReleaseDate:yyyyMMdd}-{SenderCvr}-{reference}-{Class}-{Number:0000}-{hash8}");
        }
    }
}
