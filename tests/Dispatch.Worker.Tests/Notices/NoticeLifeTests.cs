using Dispatch.Routing;
using Dispatch.Worker.Notices;

namespace Dispatch.Worker.Tests.Notices;

/// <summary>What happens between the making of notices and their sending, and when they go out.</summary>
public sealed class NoticeLifeTests(NoticeSite site) : IClassFixture<NoticeSite>, IAsyncLifetime
{
    const string Sender = "Skattestyrelsen";

    public Task InitializeAsync() => site.Database.ExecuteAsync(
        """
        truncate register.people, register.companies, register.read_access, register.suppressed_contacts,
                 dispatch.notices;
        update dispatch.jobs set completed_at = '2026-01-01'
        """);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task SendAsync_NothingLeftToTell_Withdraws()
    {
        foreach (var id in Enumerable.Range(1, 8))
        {
            await site.AddPersonAsync(id, id < 6 ? "sms" : "none", phone: $"2000000{id}");
        }

        await site.Database.ExecuteAsync(
            """
            insert into register.read_access
            select 1000000000 + 1, 1000000000 + id, 'self', '2026-01-01', null, 'sms' from unnest(array[6, 7]) id
            """);
        var job = await site.AddJobAsync(Sender, 0, 1, 2, 3, 4, 5);
        Assert.Equal(7, await site.MakeAsync());

        // 2 dies, 3 wants none any more, 4's letter is recalled, 5's contact is suppressed, 6's grant is ended.
        await site.Database.ExecuteAsync(
            $"""
            update register.people set status = 90 where person_id = 2;
            update register.people set notify = 'none' where person_id = 3;
            insert into mailbox.recalls values ({job}, 4, 4);
            update register.read_access set valid_to = clock_timestamp() where reader = 1000000006
            """);
        var db = site.Database.DataSource;
        Assert.True(await SuppressionList.AddAsync(db, "+45 20 00 00 05", "op", "asked for", default));
        Assert.False(await SuppressionList.AddAsync(db, "20000005", "op", "asked for", default));
        var counts = await site.SendAsync();
        Assert.Equal((2, 0, 5), (counts.Sent, counts.Failed, counts.Dropped));
        Assert.Equal(
            "1 sms sent, 2 sms withdrawn, 3 sms withdrawn, 4 sms withdrawn, 5 sms suppressed, 6 sms withdrawn, "
            + "7 sms sent",
            await site.StatesAsync(job));
        Assert.True(await SuppressionList.RemoveAsync(db, "20000005", "op", "asked for", default));
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => SuppressionList.AddAsync(db, "nonsense", "op", "x", default));
        Assert.Equal("contact.invalid", fault.Code);
    }

    /// <summary>The same mailbox, however the register and whoever asked for it write the address.</summary>
    [Theory]
    [InlineData("Anna@Example.DK", "anna@example.dk")]
    [InlineData("anna@xn--bcher-kva.example", "anna@b\u00fccher.example")]
    [InlineData("anna@bu\u0308cher.example", "anna@xn--bcher-kva.example")]
    [InlineData("s\u00f8ren@example.dk", "S\u00d8REN@example.dk")]
    [InlineData("ren\u00e9@example.dk", "rene\u0301@example.dk")]
    public async Task SendAsync_SuppressedAddressWrittenOtherwise_SendsNothing(string suppressed, string registered)
    {
        await site.AddPersonAsync(1, "email", registered);
        var job = await site.AddJobAsync(Sender, 0, 1);
        Assert.Equal(1, await site.MakeAsync());

        await SuppressionList.AddAsync(site.Database.DataSource, suppressed, "op", "asked for", default);
        await site.SendAsync();

        Assert.Equal("1 email suppressed", await site.StatesAsync(job));
    }

    [Fact]
    public async Task RunAsync_HeldRowReleasedLater_TellsItsReceiverOnly()
    {
        await site.AddPersonAsync(1, "sms", phone: "20000001");
        await site.AddPersonAsync(2, "sms", phone: "20000002");
        await site.AddPersonAsync(3, "none", phone: "20000003");
        var job = await site.AddJobAsync(Sender, 0, 1, 3);
        Assert.Equal(1, await site.MakeAsync());

        await site.Database.ExecuteAsync(
            $"""
            update register.people set notify = 'sms' where person_id = 3;
            insert into mailbox.letters (segment, job_id, row_no, person_id, reason, facts, sealed)
            values (0, {job}, 150, 2, 101, 0, '\x00'), (0, {job}, 151, 1, 101, 0, '\x00');
            insert into dispatch.releases (job_id, row_no, salt, rule_set, register_version, released_by)
            values ({job}, 150, '\x00', '2026-1', 1, 'op'), ({job}, 151, '\x00', '2026-1', 1, 'op')
            """);
        Assert.Equal(1, await site.MakeAsync());
        Assert.Equal(0, await site.MakeAsync());
        Assert.Equal("1 sms waiting, 2 sms waiting", await site.StatesAsync(job));
    }

    [Fact]
    public async Task RunAsync_JobNotForNotices_MakesNone()
    {
        await site.AddPersonAsync(1, "both", "p1@example.dk", "20000001");
        await site.Database.ExecuteAsync(
            """
            insert into register.companies (cvr, person_id, facts, name, active, exempt, email)
            values (1, 2, 0, 'C', true, false, 'post@company.example'),
                   (3, 4, 0, 'C', false, false, 'c@company.example')
            """);
        foreach (var change in new[]
        {
            "state = 'cancelled'", "state = 'composing'", "completed_at = now() - interval '4 days'",
            "not_before = now() + interval '1 h'",
        })
        {
            var other = await site.AddJobAsync(Sender, 0, 1);
            await site.Database.ExecuteAsync($"update dispatch.jobs set {change} where job_id = {other}");
            Assert.Equal(0, await site.MakeAsync());
        }

        var job = await site.AddJobAsync(Sender, 0, 1, 2, 4);
        Assert.Empty(await new NoticeMaking(site.Database.DataSource, new()).RunAsync(default));
        Assert.Equal(3, await site.MakeAsync());
        Assert.Equal("1 email waiting, 1 sms waiting, 2 email waiting", await site.StatesAsync(job));

        // Nobody got to them for too long.
        await site.Database.ExecuteAsync("update dispatch.notices set made_at = now() - interval '73 h'");
        Assert.Equal(3, (await site.SendAsync()).Failed);
        Assert.Equal(
            "1 email failed expired, 1 sms failed expired, 2 email failed expired", await site.StatesAsync(job));
    }

    [Fact]
    public async Task SendAsync_AtNight_SendsMailAndKeepsSmsForTheMorning()
    {
        await site.AddPersonAsync(1, "both", "night@example.dk", "20000001");
        var job = await site.AddJobAsync(Sender, 0, 1);
        await site.MakeAsync();
        var byDay = site.Settings with { Sms = site.Gateway.Settings with { Hours = "08:00-21:00" } };

        await site.SendAsync(byDay, new Clock("2026-03-09T20:00:00Z"));
        Assert.Equal("1 email sent, 1 sms waiting", await site.StatesAsync(job));
        await site.SendAsync(byDay, new Clock("2026-03-10T06:59:59Z"));
        Assert.Equal("1 email sent, 1 sms waiting", await site.StatesAsync(job));
        await site.SendAsync(byDay, new Clock("2026-03-10T07:00:00Z"));
        Assert.Equal("1 email sent, 1 sms sent", await site.StatesAsync(job));
    }

    [Fact]
    public async Task TakeAsync_ByManyWithACap_GivesEachOnceAndNotFaster()
    {
        const int PerSecond = 50;
        await site.Database.ExecuteAsync(
            """
            insert into register.people (cpr, person_id, facts, birth_day, status, name, protected, exempt, voluntary,
                                         phone, notify)
            select 1000000000 + id, id, 1, 0, 1, 'P', false, false, false, '20000000', 'sms'
            from generate_series(1, 400) id
            """);
        await site.AddJobAsync(Sender, 0, [.. Enumerable.Range(1, 400)]);
        await site.MakeAsync();
        var queue = new NoticeQueue(site.Database.DataSource, TimeSpan.FromDays(3));

        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var taken = new List<TakenNotice>();
        while (taken.Count < 2 * PerSecond)
        {
            var both = await Task.WhenAll(
                queue.TakeAsync(NoticeChannel.Sms, PerSecond, default),
                queue.TakeAsync(NoticeChannel.Sms, PerSecond, default));
            taken.AddRange(both.SelectMany(batch => batch ?? []));
            Assert.True(taken.Count <= PerSecond * (clock.GetElapsedTime(began).TotalSeconds + 1) + 1);
        }

        Assert.InRange(taken.Count, 2 * PerSecond, 400);
        while (await queue.TakeAsync(NoticeChannel.Sms, 0, default) is { Count: > 0 } rest)
        {
            taken.AddRange(rest);
        }

        Assert.Equal(400, taken.Count);
        Assert.Equal(400, taken.Select(t => t.PersonId).Distinct().Count());
        Assert.Empty((await queue.TakeAsync(NoticeChannel.Email, PerSecond, default))!);
    }

    sealed class Clock(string at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() =>
            DateTimeOffset.Parse(at, global::System.Globalization.CultureInfo.InvariantCulture);
    }
}
