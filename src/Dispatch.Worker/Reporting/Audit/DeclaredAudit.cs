using System.Text.Json;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-02: what the sender declared of the list. Read from job.json as it came, byte order mark included, and outside the
/// server: one file it cannot read must not stop the audit.
/// </summary>
static class DeclaredAudit
{
    const string Id = "I-02";

    const string Promise = "a declared row count or hash is that of the accepted list";

    const string JobsSql = """
        select job_id, rows, encode(list_sha256, 'hex'), order_json
        from dispatch.jobs where $1::int is null or job_id = $1
        order by job_id
        """;

    public static async Task<InvariantResult> RunAsync(AuditScope scope, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var found = new List<Offender>();
        var applies = false;
        await using var command = scope.Command(JobsSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (found.Count <= InvariantResult.OffendersMax && await row.ReadAsync(ct))
        {
            try
            {
                using var order = JsonDocument.Parse(row.GetString(3).TrimStart('\uFEFF'));
                var recipients = order.RootElement.GetProperty("recipients");
                applies |= Compare(recipients, row.GetInt32(0), row.GetInt32(1), row.GetString(2), found);
            }
            catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                found.Add(new(row.GetInt32(0), null, null, null, "its job.json cannot be read any more"));
            }
        }

        return InvariantResult.Of(Id, Promise, applies, found, time.GetElapsedTime(start));
    }

    /// <summary>Gives whether anything was declared.</summary>
    static bool Compare(JsonElement recipients, int jobId, int rows, string sha256, List<Offender> found)
    {
        var hasRows = recipients.TryGetProperty("expectedRows", out var expected)
            && expected.ValueKind == JsonValueKind.Number;
        if (hasRows && expected.GetInt64() != rows)
        {
            found.Add(new(jobId, null, null, null, $"{expected.GetInt64()} rows were declared, {rows} accepted"));
        }

        var hasHash = recipients.TryGetProperty("sha256", out var hash) && hash.ValueKind == JsonValueKind.String;
        if (hasHash && !string.Equals(hash.GetString(), sha256, StringComparison.OrdinalIgnoreCase))
        {
            found.Add(new(jobId, null, null, null, "the list is not the one whose SHA-256 was declared"));
        }

        return hasRows || hasHash;
    }
}
