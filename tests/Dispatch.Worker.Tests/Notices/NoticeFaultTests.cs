using Dispatch.Routing;
using Dispatch.Worker.Commands;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Notices;

namespace Dispatch.Worker.Tests.Notices;

/// <summary>What goes wrong between us, servers and gateways, and what must not go out at all.</summary>
public sealed class NoticeFaultTests(NoticeSite site) : IClassFixture<NoticeSite>, IAsyncLifetime
{
    const string Sender = "Skattestyrelsen";

    public Task InitializeAsync() => site.Database.ExecuteAsync(
        """
        truncate register.people, register.read_access, dispatch.notices, register.suppressed_contacts;
        update dispatch.jobs set completed_at = '2026-01-01'
        """);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task SendAsync_ServerRefusesDelaysOrFallsSilent_KeepsEachNoticeToItsFate()
    {
        var before = site.Smtp.Received.Count;
        string[] contacts =
        [
            "refused1@example.dk", "busy1@example.dk", "silent1@example.dk", "søren@example.dk", "not an address",
            "a1@example.dk",
        ];
        foreach (var (index, contact) in contacts.Index())
        {
            await site.AddPersonAsync(index + 1, "email", contact);
        }

        var job = await site.AddJobAsync(Sender, 0, 1, 2, 3, 4, 5, 6);
        await site.MakeAsync();
        var first = await site.SendAsync();
        Assert.Equal((1, 3, 2), (first.Sent, first.Failed, first.Waiting));
        Assert.Equal(
            "1 email failed email.550, 2 email waiting email.451, 3 email waiting email.lost, "
            + "4 email failed email.international, 5 email failed contact.invalid, 6 email sent",
            await site.StatesAsync(job));
        Assert.True(await site.Database.QueryAsync<bool>(
            "select bool_and(due_at - clock_timestamp() between interval '1 s' and interval '30 s' and failures = 1) "
            + "from dispatch.notices where state = 1"));

        await site.MakeDueAsync();
        Assert.Equal(2, (await site.SendAsync()).Sent);
        var mails = (await site.Smtp.WaitForAsync(before + 4)).Skip(before).ToList();
        var silent = mails.Where(mail => mail.To.Single() == "silent1@example.dk").ToList();
        Assert.Equal(2, silent.Count);
        Assert.Equal(silent[0].Header("Message-Id"), silent[1].Header("Message-Id"));
        Assert.Equal(4, mails.Count);
        Assert.Equal(0, await site.MakeAsync());
    }

    [Fact]
    public async Task SendAsync_KilledBeforeItSaidSo_SendsTheSameMessageAgain()
    {
        var before = site.Smtp.Received.Count;
        await site.AddPersonAsync(1, "both", "b1@example.dk", "21 00 00 01");
        var job = await site.AddJobAsync(Sender, 0, 1);
        await site.MakeAsync();
        var sms = site.Gateway.Received.Count;

        // Whoever was killed had sent both; a second worker looks before the lease is over, and after it.
        Assert.Equal(2, (await site.SendAsync()).Sent);
        await site.Database.ExecuteAsync(
            """
            update dispatch.notices n set state = 1, settled_at = null, attempt = 1, due_at = now() + interval '9 min'
            """);
        Assert.Equal(0, (await site.SendAsync()).Sent);
        await site.MakeDueAsync();
        Assert.Equal(2, (await site.SendAsync()).Sent);

        var mails = (await site.Smtp.WaitForAsync(before + 2)).Skip(before).ToList();
        Assert.Single(mails.Select(mail => mail.Header("Message-Id")).Distinct());
        var keys = site.Gateway.Received.Skip(sms).Select(s => s.Key).ToList();
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
        Assert.NotEqual($"<{keys[0]}@dispatch.example>", mails[0].Header("Message-Id"));
        Assert.Equal("1 email sent, 1 sms sent", await site.StatesAsync(job));
    }

    [Fact]
    public async Task SettleAsync_LateAnswerOfAnEarlierAttempt_ChangesNothing()
    {
        await site.AddPersonAsync(1, "email", "late@example.dk");
        var job = await site.AddJobAsync(Sender, 0, 1);
        await site.MakeAsync();
        var queue = new NoticeQueue(site.Database.DataSource, TimeSpan.FromDays(3));
        var early = Assert.Single((await queue.TakeAsync(NoticeChannel.Email, 0, default))!);
        await site.MakeDueAsync();
        var late = Assert.Single((await queue.TakeAsync(NoticeChannel.Email, 0, default))!);

        await queue.SettleAsync(NoticeChannel.Email, [new(early, NoticeState.Failed, "email.550")], default);
        Assert.Equal("1 email waiting", await site.StatesAsync(job));
        await queue.SettleAsync(NoticeChannel.Email, [new(late, NoticeState.Sent)], default);
        Assert.Equal("1 email sent", await site.StatesAsync(job));
    }

    [Fact]
    public async Task SendAsync_ServerWithoutTrustOrLogin_LeavesAllAsItWas()
    {
        await site.AddPersonAsync(1, "email", "away@example.dk");
        var job = await site.AddJobAsync(Sender, 0, 1);
        await site.MakeAsync();

        foreach (var (email, code) in new[]
        {
            (site.Smtp.Settings with { PasswordFile = site.Smtp.PathOf("wrong") }, "email.login"),
            (site.Smtp.Settings with { RootCertificate = site.Smtp.PathOf("other.crt") }, "email.tls"),
            (site.Smtp.Settings with { RootCertificate = "" }, "email.tls"),
            (site.Smtp.Settings with { Host = "127.0.0.1" }, "email.tls"),
            (site.Smtp.Settings with { User = "" }, "email.login"),
            (site.Smtp.Settings with { Port = 1 }, "email.unreachable"),
        })
        {
            var fault = await Assert.ThrowsAsync<DispatchException>(
                () => site.SendAsync(site.Settings with { Email = email }));
            Assert.Equal((code, true), (fault.Code, fault.IsTransient));
            Assert.Equal($"1 email waiting {code}", await site.StatesAsync(job));
        }

        Assert.Equal(0, await site.Database.QueryAsync<int>("select failures::int from dispatch.notices"));
        Assert.Equal(1, (await site.SendAsync()).Sent);
    }

    [Fact]
    public async Task Doctor_ServersOfNotices_SaysWhatKeepsUsFromThem()
    {
        var (smtp, sms) = (site.Smtp.Settings, site.Settings.Sms);
        foreach (var (email, verdict, found) in new[]
        {
            (smtp, Verdict.Good, "'localhost' lets us in"),
            (smtp with { PasswordFile = site.Smtp.PathOf("wrong") }, Verdict.Wrong, "email.login"),
            (smtp with { RootCertificate = site.Smtp.PathOf("other.crt") }, Verdict.Wrong, "email.tls"),
            (smtp with { PasswordFile = site.Smtp.PathOf("none") }, Verdict.Wrong, "notices.secret"),
            (smtp with { From = "" }, Verdict.Wrong, "notices.settings"),
            (smtp with { Port = 1 }, Verdict.Unavailable, "email.unreachable"),
        })
        {
            var finding = Assert.Single(await LookAsync(new() { Email = email }));
            Assert.Equal((verdict, found), (finding.Verdict, finding.Found));
            Assert.Equal(verdict == Verdict.Good, finding.Advice.Length == 0);
        }

        Assert.Empty(await LookAsync(new()));
        Assert.Equal(Verdict.Good, Assert.Single(await LookAsync(new() { Sms = sms })).Verdict);
        var unread = sms with { TokenFile = site.Smtp.PathOf("none") };
        Assert.Equal("notices.secret", Assert.Single(await LookAsync(new() { Sms = unread })).Found);

        static Task<IReadOnlyList<Finding>> LookAsync(NoticeSettings settings) =>
            NoticeDoctor.LookAsync(settings, TimeProvider.System, CancellationToken.None);
    }

    [Fact]
    public async Task SendAsync_HostileNamesAndAddresses_InjectNothing()
    {
        var before = site.Smtp.Received.Count;
        string[] hostile =
        [
            "a@example.dk\r\nBcc: b@example.dk", "a@example.dk\nBcc: b@example.dk", "a@example.dk,b@example.dk",
            "\"a\r\nBcc: b\"@example.dk", "A <a@example.dk>", "a@example.dk\0",
            "a@example.dk> SIZE=1\r\nRCPT TO:<b@example.dk",
            "a@example.dk\u2028Bcc: b@example.dk", "a@@example.dk", "a@example.dk (b)", "\u202Ea@example.dk b",
        ];
        foreach (var (index, contact) in hostile.Index())
        {
            Assert.Null(EmailAddress.TryParse(contact));
            if (!contact.Contains('\0', StringComparison.Ordinal))
            {
                await site.AddPersonAsync(index + 1, "email", contact);
            }
        }

        await site.AddPersonAsync(99, "both", "good@example.dk", "21000099");
        var job = await site.AddJobAsync(
            "Evil\r\nBcc: victim@example.dk\r\n\r\nbody\u2028x", 0, [99, .. Enumerable.Range(1, hostile.Length)]);
        await site.MakeAsync();
        Assert.Equal(2, (await site.SendAsync()).Sent);

        var mail = Assert.Single((await site.Smtp.WaitForAsync(before + 1)).Skip(before));
        Assert.Equal(["good@example.dk"], mail.To);
        Assert.Equal(
            [
                "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version",
                "Message-Id", "Subject", "To",
            ],
            mail.Headers.Select(h => h.Name).Where(n => n != "X-Peer").Order(StringComparer.Ordinal));
        Assert.DoesNotContain('\n', mail.Subject);
        Assert.DoesNotContain("Secret", mail.Data, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', site.Gateway.Received[^1].Text);
        Assert.Contains("10 email failed contact.invalid", await site.StatesAsync(job), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_GatewayFailsDelaysOrRepeats_TriesAgainUnderTheSameKey()
    {
        string[] phones = ["20000001", "20000002", "20000003", "20000004", "123"];
        foreach (var (index, phone) in phones.Index())
        {
            await site.AddPersonAsync(index + 1, "sms", phone: phone);
        }

        var before = site.Gateway.Received.Count;
        var job = await site.AddJobAsync(Sender, 0, 1, 2, 3, 4, 5);
        await site.MakeAsync();
        site.Gateway.Answer = (sms, times) => sms.To switch
        {
            "+4520000001" => 400,
            "+4520000002" when times == 0 => 500,
            "+4520000003" when times == 0 => 0,
            _ => 202,
        };
        var hasty = site.Settings with { Sms = site.Gateway.Settings with { Timeout = TimeSpan.FromSeconds(1) } };
        await site.SendAsync(hasty);
        Assert.Equal(
            "1 sms failed sms.400, 2 sms waiting sms.500, 3 sms waiting sms.lost, 4 sms sent, "
            + "5 sms failed contact.invalid",
            await site.StatesAsync(job));
        await site.MakeDueAsync();
        Assert.Equal(2, (await site.SendAsync()).Sent);

        var keys = site.Gateway.Received.Skip(before).ToLookup(sms => sms.To, sms => sms.Key);
        Assert.All(["+4520000002", "+4520000003"], to => Assert.Equal(2, keys[to].Count()));
        Assert.All(keys, ofOne => Assert.Single(ofOne.Distinct()));
        Assert.Equal(4, keys.Select(ofOne => ofOne.First()).Distinct().Count());

        // One that has enough, knows us no more or sends us elsewhere is not asked about everybody.
        var next = await site.AddJobAsync(Sender, 0, 2, 3, 4);
        await site.MakeAsync();
        foreach (var status in new[] { 429, 401, 302, 503 })
        {
            site.Gateway.Answer = (_, _) => status;
            var asked = site.Gateway.Received.Count;
            var fault = await Assert.ThrowsAsync<DispatchException>(() => site.SendAsync());
            Assert.Equal($"sms.{status}", fault.Code);
            Assert.InRange(site.Gateway.Received.Count - asked, 1, site.Gateway.Settings.Connections);
        }

        site.Gateway.Answer = (_, _) => 202;
        Assert.Equal(3, (await site.SendAsync()).Sent);
        Assert.Equal("2 sms sent, 3 sms sent, 4 sms sent", await site.StatesAsync(next));
    }
}
