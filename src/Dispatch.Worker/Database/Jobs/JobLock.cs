using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// One command at a time sees a job through, or any number of workers take part in it. The lock is the database
/// session's own: it is gone the moment the process is, whatever killed it, so that nothing has to be waited out. It
/// saves double work; it is not what makes a row go out once.
/// </summary>
sealed class JobLock : IAsyncDisposable
{
    /// <summary>First key of the advisory lock; the second is the job.</summary>
    public const int LockClass = 0x6A6F6273;

    /// <summary>First key of the lock that one worker has, of those that take part.</summary>
    public const int StewardClass = 0x73747764;

    const string TryAlone = "select pg_try_advisory_lock($1, $2)";
    const string TryShared = "select pg_try_advisory_lock_shared($1, $2)";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(100);

    readonly NpgsqlConnection _session;

    JobLock(NpgsqlConnection session)
    {
        _session = session;
    }

    /// <param name="patience">How long another may take to let go;
    /// null = no longer than it takes to notice a killed one.</param>
    /// <exception cref="DispatchException"><c>job.busy</c>, exit 75: another live process has the job.</exception>
    public static async Task<JobLock> AcquireAsync(
        NpgsqlDataSource database, int jobId, TimeProvider clock, CancellationToken ct, TimeSpan? patience = null)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            if (await TryAsync(database, session => TryAsync(session, TryAlone, LockClass, jobId, ct), ct) is { } taken)
            {
                return taken;
            }

            // A killed process's session may need a moment to be noticed.
            if (clock.GetElapsedTime(started) > (patience ?? Patience))
            {
                throw new DispatchException(
                    "job.busy",
                    $"job {jobId} is being worked on by another live process; expected to be alone with it; "
                    + "wait for that process, or stop it and run this again",
                    ExitCode.TryAgain);
            }

            await Task.Delay(RetryPeriod, clock, ct);
        }
    }

    /// <summary>Takes part in a job beside other workers; null when a command has it to itself.</summary>
    public static async Task<JobLock?> TryShareAsync(NpgsqlDataSource database, int jobId, CancellationToken ct) =>
        await TryAsync(database, session => TryAsync(session, TryShared, LockClass, jobId, ct), ct);

    /// <summary>
    /// Takes part as the one worker that releases or finishes the job; null when there is one already. Not by a lease
    /// that runs out: a worker that froze while it handed files off must not be replaced while it may wake up.
    /// </summary>
    public static async Task<JobLock?> TryStewardAsync(NpgsqlDataSource database, int jobId, CancellationToken ct) =>
        await TryAsync(
            database,
            async session => await TryAsync(session, TryShared, LockClass, jobId, ct)
                && await TryAsync(session, TryAlone, StewardClass, jobId, ct),
            ct);

    public async ValueTask DisposeAsync()
    {
        await using var session = _session;
        if (session.State == System.Data.ConnectionState.Open)
        {
            // The pool would keep the session, and the lock with it.
            await using var unlock = new NpgsqlCommand("select pg_advisory_unlock_all()", session);
            await unlock.ExecuteNonQueryAsync();
        }
    }

    static async Task<JobLock?> TryAsync(
        NpgsqlDataSource database, Func<NpgsqlConnection, Task<bool>> locks, CancellationToken ct)
    {
        var taken = new JobLock(await database.OpenConnectionAsync(ct));
        try
        {
            if (await locks(taken._session))
            {
                return taken;
            }
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }

        await taken.DisposeAsync();
        return null;
    }

    static async Task<bool> TryAsync(
        NpgsqlConnection session, string sql, int lockClass, int jobId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, session);
        command.Parameters.Add(new() { Value = lockClass, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
