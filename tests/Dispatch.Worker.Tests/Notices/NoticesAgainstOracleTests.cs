
namespace Dispatch.Worker.Tests.Notices;

/// <summary>
/// Whom notices reach and what they say, for a random country, against the rules written down a second time: an owner
/// or reader who wants it is told once for a job and channel, by the sender's name alone.
/// </summary>
public sealed class NoticesAgainstOracleTests(NoticeSite site) : IClassFixture<NoticeSite>
{
    const int People = 150;
    const int Seed = 20260309;
    const int OldNumbers = 1_000;
    const string Tax = "Skattestyrelsen";
    const string Hospital = "Rigshospitalet, afdeling æ";

    static readonly string[] Wishes = ["none", "email", "sms", "both"];

    readonly Random _random = new(Seed);
    readonly Dictionary<int, Resident> _residents = [];
    readonly List<ReadGrant> _grants = [];

    [Fact]
    public async Task RunAsync_RandomCountry_TellsWhomTheRulesSayOnce()
    {
        await ArrangeRegisterAsync();
        int[] tax = [.. Enumerable.Range(1, People).SelectMany(id => Enumerable.Repeat(id, _random.Next(0, 3)))];
        int[] hospital = [.. Enumerable.Range(1, People).Where(_ => _random.Next(3) == 0)];
        var taxJob = await site.AddJobAsync(Tax, segment: 0, tax);
        var hospitalJob = await site.AddJobAsync(Hospital, segment: 41, hospital);
        await site.Database.ExecuteAsync($"insert into mailbox.recalls values ({taxJob}, 11, 40), ({taxJob}, 70, 70)");
        int[] seen =
            [.. tax.Index().Where(row => row.Index + 1 is not ((>= 11 and <= 40) or 70)).Select(row => row.Item)];
        var expected = Expect(Tax, seen).Concat(Expect(Hospital, hospital)).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(expected.Count, await site.MakeAsync());
        Assert.Equal(0, await site.MakeAsync());
        var counts = await Task.WhenAll(site.SendAsync(), site.SendAsync());
        Assert.Equal(expected.Count, counts.Sum(c => c.Sent));
        Assert.Equal(0, (await site.SendAsync()).Sent);

        var mails = await site.Smtp.WaitForAsync(
            expected.Count(line => line.StartsWith("email", StringComparison.Ordinal)));
        var told = mails.Select(mail => $"email {mail.To.Single()}: {mail.Subject}\n{mail.Text}")
            .Concat(site.Gateway.Received.Select(sms => $"sms {sms.To}: {sms.Text}"));
        Assert.Equal(expected, told.Order(StringComparer.Ordinal));
        Assert.Equal(mails.Count, mails.Select(mail => mail.Header("Message-Id")).Distinct().Count());
        Assert.All(mails, mail => Assert.True(mail.Tls && mail.Login == "dispatch"));
        Assert.InRange(mails.Max(mail => mail.Connection), 1, 4);
        Assert.Equal(
            expected.Count,
            await site.Database.QueryAsync<long>(
                "select sum(count)::bigint from ops.notifications where state = 'sent'"));
        Assert.Equal(0, await site.Database.QueryAsync<long>("select count(*) from ops.notification_faults"));
        Assert.NotEqual(taxJob, hospitalJob);
    }

    IEnumerable<string> Expect(string sender, int[] seen)
    {
        foreach (var (id, person) in _residents.Where(r => r.Value.IsThere))
        {
            var isOwner = seen.Contains(id);
            var reads = _grants.Where(g => g.Reader == id && g.IsInForce && g.Owner != id && seen.Contains(g.Owner)
                && !IsRemoved(g.Owner)).ToList();
            foreach (var (channel, contact) in new[] { ("email", person.Email), ("sms", person.Phone) })
            {
                var isToldAsOwner = isOwner && (person.Notify == channel || person.Notify == "both");
                if (contact is not null
                    && (isToldAsOwner || reads.Any(g => g.Notify == channel || g.Notify == "both")))
                {
                    yield return $"{channel} {contact}: " + Words(channel, person.Language, sender, isToldAsOwner);
                }
            }
        }
    }

    static string Words(string channel, string language, string sender, bool isOwner)
    {
        var (subject, first, second) = (language, isOwner) switch
        {
            ("en", true) => ($"New digital post from {sender}", $"You have new digital post from {sender}.",
                "You change whether and how you are told on borger.dk."),
            ("en", false) => ($"New digital post from {sender}",
                $"There is new digital post from {sender} in a mailbox you have read access to.",
                "You change whether and how you are told on borger.dk."),
            (_, true) => ($"Ny digital post fra {sender}", $"Du har fået ny digital post fra {sender}.",
                "Om og hvordan du får besked, ændrer du på borger.dk."),
            _ => ($"Ny digital post fra {sender}",
                $"Der er ny digital post fra {sender} i en postkasse, du har læseadgang til.",
                "Om og hvordan du får besked, ændrer du på borger.dk."),
        };
        return channel == "email" ? $"{subject}\n{first}\n\n{second}\n" : $"{first} {second}";
    }

    // The others that are not there are dead.
    bool IsRemoved(int id) => !_residents[id].IsThere && id % 2 == 0;

    async Task ArrangeRegisterAsync()
    {
        foreach (var id in Enumerable.Range(1, People))
        {
            var person = new Resident(
                _random.Next(5) > 0 ? $"p{id}@example.dk" : null, _random.Next(5) > 0 ? $"+452{id:D7}" : null,
                Wishes[_random.Next(4)], _random.Next(5) == 0 ? "en" : "da", _random.Next(12) > 0);
            _residents[id] = person;
            await site.AddPersonAsync(
                id, person.Notify, person.Email, person.Phone?[3..], person.IsThere || id % 2 == 0 ? 1 : 90,
                IsRemoved(id));
        }

        var english = _residents.Where(r => r.Value.Language == "en").Select(r => r.Key);
        await site.Database.ExecuteAsync(
            $"""
            insert into register.notice_languages
            select id, 'en' from unnest(array[{string.Join(", ", english)}]) id;
            insert into register.people (cpr, person_id, facts, birth_day, status, current_cpr, name, protected, exempt,
                                         voluntary, notify)
            select 1000000000 + {OldNumbers} + id, {OldNumbers} + id, 60, 0, 60, 1000000000 + id, 'Old', false, false,
                   false, 'none'
            from generate_series(1, {People}) id
            """);
        for (var i = 0; i < People; i++)
        {
            var (owner, reader) = (_random.Next(1, People + 1), _random.Next(1, People + 1));
            var from = _random.Next(4) > 0 ? -2 : 2;
            var (to, hasEnded) = _random.Next(3) switch
            {
                0 => ("null", false),
                1 => ("now() + interval '9 h'", false),
                _ => ("now() - interval '1 s'", true),
            };
            var grant = new ReadGrant(owner, reader, Wishes[_random.Next(4)], from < 0 && !hasEnded);
            _grants.Add(grant);
            await site.Database.ExecuteAsync(
                $"""
                insert into register.read_access values (
                    1000000000 + {owner + (_random.Next(4) == 0 ? OldNumbers : 0)},
                    1000000000 + {reader + (_random.Next(4) == 0 ? OldNumbers : 0)},
                    'self', now() + interval '{from} h' + interval '{i} s', {to}, '{grant.Notify}')
                """);
        }
    }

    sealed record Resident(string? Email, string? Phone, string Notify, string Language, bool IsThere);

    sealed record ReadGrant(int Owner, int Reader, string Notify, bool IsInForce);
}
