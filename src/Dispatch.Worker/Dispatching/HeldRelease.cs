using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Decides rows that were held once more, with the register as it is now and the age of the release date, and writes
/// their new effects in the operator's transaction. Their letters are sealed under a salt of their own.
/// </summary>
sealed class HeldRelease(AcceptedJob job, JobRouting routing, JobKey key, ListSource list, ChunkRouter router)
{
    const string Record = """
        insert into dispatch.releases (job_id, row_no, salt, rule_set, register_version, released_by)
        select $1, r.row_no, $3, $4, $5, $6 from unnest($2) r (row_no)
        where not exists (select from dispatch.held h where h.job_id = $1 and h.row_no = r.row_no)
        """;

    /// <param name="rows">Data rows of the list that are no longer held.</param>
    /// <param name="actor">Who releases them, for the record.</param>
    public static async Task RunAsync(
        JobOpening opening, ReadAddresses addresses, AcceptedJob job, NpgsqlConnection connection,
        NpgsqlTransaction transaction, IReadOnlyCollection<int> rows, string actor, CancellationToken ct)
    {
        using var open = await opening.OpenAsync(job, ct);
        var register = await open.Register.CurrentAsync(ct);
        var router = new ChunkRouter(open.Routing, register, addresses, measuresAll: true);
        await new HeldRelease(job, open.Routing, open.Key, open.List, router)
            .DecideAsync(connection, transaction, rows, register.Version, actor, ct);
    }

    async Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<int> rows, long registerVersion,
        string actor, CancellationToken ct)
    {
        var salt = JobKey.NewSalt();
        using var effects = new EffectBuffers(job.JobId, job.Segment, job.TemplateId, rows.Count, salt, key);
        foreach (var rowNo in rows)
        {
            using var text = OpenRow(rowNo);
            await router.RouteAsync(new ChunkWork(new JobChunk(0, rowNo, 1, 0, 0), [], 0), text, effects, ct);
        }

        await ChunkTransaction.CopyAsync(connection, job.Segment, effects, ct);
        await using var record = new NpgsqlCommand(Record, connection, transaction);
        record.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        record.Parameters.Add(
            new() { Value = rows.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        record.Parameters.Add(new() { Value = salt, NpgsqlDbType = NpgsqlDbType.Bytea });
        record.Parameters.Add(new() { Value = Routing.Rules.RoutingPolicy.RuleSet, NpgsqlDbType = NpgsqlDbType.Text });
        record.Parameters.Add(new() { Value = registerVersion, NpgsqlDbType = NpgsqlDbType.Bigint });
        record.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        await record.ExecuteNonQueryAsync(ct);
    }

    ChunkText OpenRow(int rowNo)
    {
        var chunk = job.Chunks.Last(candidate => candidate.FirstRow <= rowNo);
        using var text = list.Open(chunk);
        using var reader = text.Read(routing.Separator);
        for (var at = chunk.FirstRow; reader.Read(); at++)
        {
            if (at == rowNo)
            {
                return ChunkText.Of(reader.RawRecord);
            }
        }

        throw new InvalidOperationException($"row {rowNo} of job {job.JobId} is not in its chunk");
    }
}
