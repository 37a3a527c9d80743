using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// One process at a time sees a job through. The lock is the database session's own: it is gone the moment the process
/// is, whatever killed it, so that nothing has to be waited out. It saves double work; it is not what makes a row go out
/// once.
/// </summary>
sealed class JobLock : IAsyncDisposable
{
    /// <summary>First key of the advisory lock; the second is the job.</summary>
    public const int LockClass = 0x6A6F6273;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(100);

    readonly NpgsqlConnection _session;

    JobLock(NpgsqlConnection session)
    {
        _session = session;
    }

    /// <param name="patience">How long another may take to let go; null = no longer than it takes to notice a killed one.
    /// </param>
    /// <exception cref="DispatchException"><c>job.busy</c>, exit 75: another live process has the job.</exception>
    public static async Task<JobLock> AcquireAsync(
        NpgsqlDataSource database, int jobId, TimeProvider clock, CancellationToken ct, TimeSpan? patience = null)
    {
        var session = await database.OpenConnectionAsync(ct);
        var started = clock.GetTimestamp();
        while (!await TryLockAsync(session, jobId, ct))
        {
            // A killed process's session may need a moment to be noticed.
            if (clock.GetElapsedTime(started) > (patience ?? Patience))
            {
                await session.DisposeAsync();
                throw new DispatchException(
                    "job.busy", $"job {jobId} is being worked on by another live process; expected to be alone with it; wait for "
                    + "that process, or stop it and run this again",
                    ExitCode.TryAgain);
            }

            await Task.Delay(RetryPeriod, clock, ct);
        }

        return new JobLock(session);
    }

    public async ValueTask DisposeAsync()
    {
        // The pool would keep the session, and the lock with it.
        if (_session.State == System.Data.ConnectionState.Open)
        {
            await using var unlock = new NpgsqlCommand("select pg_advisory_unlock_all()", _session);
            await unlock.ExecuteNonQueryAsync();
        }

        await _session.DisposeAsync();
    }

    static async Task<bool> TryLockAsync(NpgsqlConnection session, int jobId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1, $2)", session);
        command.Parameters.Add(new() { Value = LockClass, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
