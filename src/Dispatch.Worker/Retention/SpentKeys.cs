using Dispatch.Worker.Database;
using Npgsql;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Retention;

/// <summary>
/// Data keys that open nothing any more: their job's list, letters and pieces were purged. They are destroyed, so that
/// what the server or a backup still holds of these opens by no key of this database.
/// </summary>
sealed class SpentKeys(NpgsqlDataSource database, string actor)
{
    // A look at each table for each job: as a join these would read all letters there are. For update: a print-out
    // that is being submitted waits, and then finds that there is no key.
    const string DestroySql = """
        with spent as (
            select j.job_id from dispatch.jobs j
            where j.data_key is not null and j.state in ('completed', 'cancelled', 'refused')
              and exists (
                  select from dispatch.purges p where p.job_id = j.job_id and p.class = 'list' and p.state = 'done')
              and not exists (select from dispatch.purges p where p.job_id = j.job_id and p.state = 'open')
              and (select true from mailbox.letters l
                   where l.segment = j.segment and l.job_id = j.job_id and l.sealed <> '' limit 1) is null
              and (select true from dispatch.pieces i where i.job_id = j.job_id and i.sealed <> '' limit 1) is null
            order by j.job_id for update of j
        )
        update dispatch.jobs j
        set data_key = null, key_id = null, forgotten_at = clock_timestamp(), forgotten_by = $1
        from spent s where s.job_id = j.job_id
        returning j.job_id
        """;

    /// <summary>Jobs whose key was destroyed; each has its event.</summary>
    public async Task<IReadOnlyList<int>> DestroyAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var jobs = new List<int>();
        await using (var destroy = new NpgsqlCommand(DestroySql, connection) { CommandTimeout = 0 })
        {
            destroy.Parameters.Add(Text(actor));
            await using var row = await destroy.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                jobs.Add(row.GetInt32(0));
            }
        }

        jobs.Sort();
        foreach (var job in jobs)
        {
            await Trail.NoteAsync(connection, actor, "key_forget", job, "all it opened was purged", ct);
        }

        await transaction.CommitAsync(ct);
        return jobs;
    }
}
