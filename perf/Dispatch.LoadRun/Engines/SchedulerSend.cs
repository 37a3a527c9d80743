using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Quartz;

namespace Dispatch.LoadRun.Engines;

/// <summary>
/// The design that looks natural and is not: one scheduler job for each receiver, kept in PostgreSQL so that none is
/// lost, each looking its person up and inserting its letter. Quartz takes as many triggers at a time as it has
/// workers, in the tables dispatch's own scheduler uses, under a name of its own.
/// </summary>
static class SchedulerSend
{
    const string Scheduler = "peer";
    const int Workers = 8;
    const int ScheduledAtOnce = 500;

    const string MakeTables = """
        create schema peer;
        create table peer.letters (row_no int primary key, person_id int, channel text not null, letter_values text);
        create index on peer.letters (person_id);
        delete from scheduler.qrtz_simple_triggers where sched_name = 'peer';
        delete from scheduler.qrtz_triggers where sched_name = 'peer';
        delete from scheduler.qrtz_job_details where sched_name = 'peer';
        """;

    static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    static readonly TaskCompletionSource AllSent = new();
    static NpgsqlDataSource? _database;
    static int _left;

    public static async Task RunAsync(string connectionString, string list, int rows)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var make = database.CreateCommand(MakeTables))
        {
            await make.ExecuteNonQueryAsync();
        }

        (_database, _left) = (database, rows);
        await using var factory = Factory(database);
        var scheduler = await factory.GetScheduler();
        await scheduler.Start();
        foreach (var batch in PeerRow.Read(list, rows).Chunk(ScheduledAtOnce))
        {
            await scheduler.ScheduleJobs(
                batch.ToDictionary(JobOf, row => (IReadOnlyCollection<ITrigger>)[TriggerOf(row)]), new());
        }

        await AllSent.Task;
        await scheduler.Shutdown(waitForJobsToComplete: true);
    }

    static StandaloneSchedulerFactory Factory(NpgsqlDataSource database) => QuartzSchedulerBuilder.Create(quartz =>
    {
        quartz.ConfigureScheduler(options =>
        {
            options.InstanceName = Scheduler;
            options.IdleWaitTime = Idle;
            options.MaxBatchSize = Workers;
        });
        quartz.UseDefaultThreadPool(Workers);
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(source => source.DataSourceFactory = _ => database);
            store.ConfigureStore(options =>
            {
                options.TablePrefix = "scheduler.qrtz_";
                options.StoreJobDataAsStrings = true;
                options.AcquireTriggersWithinLock = true;
            });
        });
    }).Build();

    static IJobDetail JobOf(PeerRow row) => JobBuilder.Create<LetterJob>()
        .WithIdentity(Name(row))
        .UsingJobData("row", Name(row)).UsingJobData("cpr", row.Recipient).UsingJobData("values", row.Values)
        .Build();

    static ITrigger TriggerOf(PeerRow row) =>
        TriggerBuilder.Create(TimeProvider.System).WithIdentity(Name(row)).ForJob(Name(row)).StartNow().Build();

    static string Name(PeerRow row) => row.RowNo.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sends one letter.</summary>
    public sealed class LetterJob : IJob
    {
        const string Send = """
            insert into peer.letters (row_no, person_id, channel, letter_values)
            select $1, p.person_id,
                   case when p.exempt or p.status = 80 or coalesce(p.street, '') = '' then 'paper' else 'digital' end,
                   $3
            from (select $2::bigint as cpr) r left join register.people p on p.cpr = r.cpr
            """;

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var data = context.MergedJobDataMap;
            var row = new PeerRow(
                int.Parse(data.GetString("row")!, CultureInfo.InvariantCulture), data.GetString("cpr")!,
                data.GetString("values")!);
            await using var command = _database!.CreateCommand(Send);
            command.Parameters.Add(new() { Value = row.RowNo, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(
                new() { Value = (object?)row.Cpr ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
            command.Parameters.Add(new() { Value = row.Values, NpgsqlDbType = NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync(cancellationToken);
            if (Interlocked.Decrement(ref _left) == 0)
            {
                AllSent.SetResult();
            }
        }
    }
}
