using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-31: the trail is whole, from its first event to the heads that were exported. Computed here, from the description
/// in docs/invariants.md, and not by the server: who can change the table can change its functions too.
/// </summary>
static class TrailAudit
{
    const string Id = "I-31";

    const string Promise =
        "the trail is unbroken from its first event to its head, and to every head that was exported";

    const string EventsSql = """
        select event_no, at, actor, action, job_id, row_no, detail, prev_hash, hash
        from dispatch.events order by event_no
        """;

    const string HeadSql = "select event_no, hash from dispatch.trail_head";

    const int HashBytes = 32;

    static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <param name="exported">Heads that were exported, by number; <see cref="TrailExport"/>.</param>
    public static async Task<InvariantResult> RunAsync(
        AuditScope scope, IReadOnlyList<ExportedHead> exported, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var found = exported.Index().Where(line => line.Item.EventNo == 0)
            .Select(line => Of($"line {line.Index + 1} of reports/trail.jsonl is no exported head")).ToList();
        var (last, hash) = await WalkAsync(scope, exported.ToLookup(head => head.EventNo), found, ct);
        if (found.Count <= InvariantResult.OffendersMax)
        {
            found.AddRange(exported.Where(head => head.EventNo > last).Select(head => Of(
                $"event {head.EventNo} was exported on {head.Date} and is not there: the trail ends at event {last}")));
            await CompareHeadAsync(scope, last, hash, found, ct);
        }

        return InvariantResult.Of(Id, Promise, last > 0, found, time.GetElapsedTime(start));
    }

    static async Task<(long Last, byte[] Hash)> WalkAsync(
        AuditScope scope, ILookup<long, ExportedHead> exported, List<Offender> found, CancellationToken ct)
    {
        var (last, hash) = (0L, new byte[HashBytes]);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var command = scope.Snapshot.Command(EventsSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (found.Count <= InvariantResult.OffendersMax && await row.ReadAsync(ct))
        {
            var number = row.GetInt64(0);
            if (number != last + 1)
            {
                found.Add(Of($"events {last + 1} to {number - 1} are missing"));
            }
            else if (!row.GetFieldValue<byte[]>(7).AsSpan().SequenceEqual(hash))
            {
                found.Add(Of($"event {number} does not follow event {last}: one of them was exchanged"));
            }

            (last, hash) = (number, row.GetFieldValue<byte[]>(8));
            if (!HashOf(row, sha).AsSpan().SequenceEqual(hash))
            {
                found.Add(Of($"event {number} was changed: its hash is not that of what it says"));
            }

            found.AddRange(
                exported[number].Where(head => head.Hash != Convert.ToHexStringLower(hash)).Select(head => Of(
                $"event {number} is not the one that was exported on {head.Date}: the trail was made anew")));
        }

        return (last, hash);
    }

    static async Task CompareHeadAsync(
        AuditScope scope, long last, byte[] hash, List<Offender> found, CancellationToken ct)
    {
        await using var command = scope.Snapshot.Command(HeadSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            found.Add(Of("the trail has no head"));
        }
        else if (row.GetInt64(0) != last)
        {
            found.Add(Of($"the trail ends at event {last}, its head is event {row.GetInt64(0)}"));
        }
        else if (!row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(hash))
        {
            found.Add(Of($"the head of the trail is not the hash of event {last}"));
        }
    }

    static byte[] HashOf(NpgsqlDataReader row, IncrementalHash sha)
    {
        sha.AppendData(row.GetFieldValue<byte[]>(7));
        AppendInt64(sha, row.GetInt64(0));
        AppendInt64(sha, (row.GetDateTime(1) - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
        AppendText(sha, row.GetString(2));
        AppendText(sha, row.GetString(3));
        AppendNullable(sha, row[4] as int?);
        AppendNullable(sha, row[5] as int?);
        AppendText(sha, row.GetString(6));
        return sha.GetHashAndReset();
    }

    static void AppendInt64(IncrementalHash sha, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        sha.AppendData(bytes);
    }

    static void AppendInt32(IncrementalHash sha, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        sha.AppendData(bytes);
    }

    static void AppendNullable(IncrementalHash sha, int? value)
    {
        sha.AppendData([(byte)(value is null ? 0 : 1)]);
        if (value is { } number)
        {
            AppendInt32(sha, number);
        }
    }

    static void AppendText(IncrementalHash sha, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendInt32(sha, bytes.Length);
        sha.AppendData(bytes);
    }

    static Offender Of(string finding) => new(null, null, null, null, finding);
}
