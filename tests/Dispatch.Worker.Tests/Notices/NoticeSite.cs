using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Notices;
using Dispatch.Worker.Tests.Reporting;

namespace Dispatch.Worker.Tests.Notices;

/// <summary>A database whose jobs have just been completed, an SMTP server and an SMS gateway.</summary>
public sealed class NoticeSite : IAsyncLifetime
{
    public const string SmsSender = "DigitalPost";

    internal TestDatabase Database { get; } = new();

    internal SmtpServer Smtp { get; private set; } = null!;

    internal SmsGateway Gateway { get; } = new();

    internal NoticeSettings Settings => new() { Email = Smtp.Settings, Sms = Gateway.Settings };

    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        Smtp = await SmtpServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Smtp.DisposeAsync();
        await Gateway.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>A job that was completed now, and whose letters these people have, a row each from 1 on.</summary>
    internal async Task<int> AddJobAsync(string sender, int segment, params int[] people)
    {
        var seed = new LedgerSeed(Database.Owner);
        var jobId = await seed.AddCompletedJobAsync($"{Guid.NewGuid():N}", "Secret title");
        if (segment > 0)
        {
            await Database.ExecuteAsync(
                $"update dispatch.jobs set segment = {segment}, released_at = null where job_id = {jobId}");
            await using var leaf = Database.DataSource.CreateCommand($"select mailbox.create_leaf({jobId})");
            await leaf.ExecuteNonQueryAsync();
        }

        await Database.ExecuteAsync(
            $"""
            update dispatch.jobs set released_at = now(), completed_at = now(), sender_name = $s${sender}$s$
            where job_id = {jobId};
            delete from mailbox.letters where job_id = {jobId};
            insert into mailbox.letters (segment, job_id, row_no, person_id, reason, facts, sealed)
            select {segment}, {jobId}, row_no, person_id, 101, 0, '\x00'
            from unnest(array[{string.Join(", ", people)}]::int[]) with ordinality p(person_id, row_no)
            """);
        return jobId;
    }

    /// <summary>Somebody who lives here, under the number 1000000000 + id.</summary>
    internal Task AddPersonAsync(
        int id, string notify, string? email = null, string? phone = null, int status = 1, bool isRemoved = false) =>
        Database.ExecuteAsync(
            $"""
            insert into register.people (cpr, person_id, facts, birth_day, status, removed, name, protected, exempt,
                                         voluntary, email, phone, notify)
            values (1000000000 + {id}, {id}, 1, 0, {status}, {isRemoved}, 'Somebody', false, false, false,
                    {Quoted(email)}, {Quoted(phone)}, '{notify}')
            """);

    internal async Task<int> MakeAsync() =>
        (await new NoticeMaking(Database.DataSource, Settings).RunAsync(default)).Sum(job => job.Notices);

    internal async Task<NoticeCounts> SendAsync(NoticeSettings? settings = null, TimeProvider? time = null)
    {
        await using var lanes = new NoticeLanes(Database.DataSource, settings ?? Settings, time ?? TimeProvider.System);
        return await lanes.RunAsync(() => true, default);
    }

    /// <summary>What waits is due at once.</summary>
    internal Task MakeDueAsync() => Database.ExecuteAsync("update dispatch.notices set due_at = now() where state = 1");

    /// <summary>Of a job: channel, state and fault of each notice, by person.</summary>
    internal Task<string> StatesAsync(int jobId) => Database.QueryAsync<string>(
        $"""
        select coalesce(string_agg(concat_ws(' ', person_id, case channel when 1 then 'email' else 'sms' end,
            (array['waiting', 'sent', 'failed', 'suppressed', 'withdrawn'])[state], fault), ', '
            order by person_id, channel), '') from dispatch.notices where job_id = {jobId}
        """);

    static string Quoted(string? text) => text is null ? "null" : $"$q${text}$q$";
}
