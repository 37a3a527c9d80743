using Npgsql;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Retention;

/// <summary>A job's notices: whom they were for. How many of each there were stays.</summary>
sealed class JobNotices(NpgsqlDataSource database)
{
    const string CountSql = "select count(*) from dispatch.notices where job_id = $1";

    const string PurgeSql = "select dispatch.purge_notices($1)";

    public async Task<long> CountAsync(DueJob job, CancellationToken ct)
    {
        await using var command = database.CreateCommand(CountSql);
        command.CommandTimeout = 0;
        command.Parameters.Add(Integer(job.JobId));
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>All in one transaction, in which they are counted by what became of them.</summary>
    public async Task PurgeAsync(int purgeNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(PurgeSql);
        command.CommandTimeout = 0;
        command.Parameters.Add(Integer(purgeNo));
        await command.ExecuteNonQueryAsync(ct);
    }
}
