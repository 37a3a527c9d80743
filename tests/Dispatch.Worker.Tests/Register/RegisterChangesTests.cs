using System.Globalization;
using Dispatch.Worker.Register;
using Dispatch.Worker.Register.Changes;

namespace Dispatch.Worker.Tests.Register;

public sealed class RegisterChangesTests : IAsyncLifetime, IDisposable
{
    const string Company = "19552101;Skattestyrelsen;;Sluseholmen 8B;;2450;København SV;;active;;";

    readonly TestDatabase _database = new();
    readonly RegisterFolder _register = new();
    readonly ChangeFolder _changes = new();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _register.People(Person(1), Person(2), Person(3));
        await RegisterImport.RunAsync(_database.DataSource, _register.Path, null, default);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    public void Dispose()
    {
        _register.Dispose();
        _changes.Dispose();
    }

    /// <summary>The letters under the older number are the person's still, whenever the register did away with it.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ImportAsync_RemovalOfANumberThatBecameAnother_StillLeadsThere(bool isAtOnce)
    {
        var changed = ChangeFolder.Put("2026-03-01", Person(1) with { Status = "60", CurrentCpr = SomePeople.Cpr(2) });
        var gone = ChangeFolder.Remove("2026-03-02", Bare(1));
        if (!isAtOnce)
        {
            _changes.People(changed);
            await ImportAsync("2026-03-03");
        }

        _changes.People(isAtOnce ? [changed, gone] : [gone]);
        await ImportAsync("2026-03-03");

        Assert.Equal(
            "60 true 2 1",
            await TextAsync(
                $"""
                select p.status || ' ' || p.removed || ' ' || array_length(register.ids_of(n.person_id), 1) || ' '
                    || (select count(*) from register.numbers_of(n.person_id))
                from register.people p, register.people n
                where p.cpr = {SomePeople.Number(1)} and n.cpr = {SomePeople.Number(2)}
                """));
        _changes.People(ChangeFolder.Put("2026-03-03", Person(1)), ChangeFolder.Remove("2026-03-04", Bare(1)));
        await ImportAsync("2026-03-04");
        Assert.Equal(
            "1", await TextAsync(
                "select array_length(register.ids_of(person_id), 1)::text from register.people "
                + $"where cpr = {SomePeople.Number(2)}"));
    }

    [Fact]
    public async Task ImportAsync_ChangesOfEveryKind_AreAppliedInOrderAndKeptAsHistory()
    {
        var ids = await TextAsync("select string_agg(person_id::text, ',' order by cpr) from register.people");
        var freja = Person(1) with { Name = "Freja Holm" };
        _changes.People(
                ChangeFolder.Put("2026-03-01", freja with { Exempt = "1" }),
                ChangeFolder.Put("2026-03-02T10:00:00+01:00", freja),
                ChangeFolder.Remove("2026-03-01", Bare(2)),
                ChangeFolder.Put("2026-03-01", Person(9)))
            .Companies(ChangeFolder.Put("2026-03-01", Company))
            .ReadAccess(ChangeFolder.Put(
                "2026-03-01", $"{SomePeople.Cpr(1)};{SomePeople.Cpr(3)};self;2026-03-01;;none"))
            .Registrations(ChangeFolder.Put("2026-03-01", $"{SomePeople.Cpr(1)};19552101"));

        var counts = await ImportAsync("2026-03-03");

        Assert.Equal(new ChangeCounts(2, Applied: 7, Waiting: 0, Known: 0, SetAside: 0), counts);
        Assert.Equal(
            "3 1", await TextAsync("select people || ' ' || companies from register.versions where version = 2"));
        Assert.Equal(
            $"{SomePeople.Number(1)} Freja Holm f +4500000000 f t",
            await TextAsync(
                "select cpr || ' ' || name || ' ' || exempt::text::char || ' ' || phone || ' ' || removed::text::char "
                + "|| ' ' || (guardian is null and current_cpr is null)::text::char "
                + $"from register.people where cpr = {SomePeople.Number(1)}"));
        Assert.Equal(
            "true  none", await TextAsync(
                "select removed || ' ' || name || ' ' || notify "
                + $"from register.people where cpr = {SomePeople.Number(2)}"));
        Assert.Equal(ids, await TextAsync(
            "select string_agg(person_id::text, ',' order by cpr) "
            + $"from register.people where cpr <> {SomePeople.Number(9)}"));
        Assert.Equal("1 1 1", await TextAsync(
            """
            select (select count(*) from register.companies where active and not removed) || ' '
                || (select count(*) from register.read_access) || ' ' || (select count(*) from register.registrations)
            """));
        Assert.Equal(
            "put put",
            await TextAsync(
                $"""
                select string_agg(op, ' ' order by event_no) from register.events e
                join register.people p using (person_id)
                where p.cpr = {SomePeople.Number(1)} and kind = 'person' and version = 2
                  and (was & 256 <> 0) = (content ->> 'name' = 'Freja Holm' and effective_at > '2026-03-01T12:00Z')
                """));
    }

    [Fact]
    public async Task EndAsync_AgreedUnderAnOlderNumber_EndsItToo()
    {
        _changes
            .People(
                ChangeFolder.Put("2026-03-02", Person(1) with { Status = "60", CurrentCpr = SomePeople.Cpr(9) }),
                ChangeFolder.Put("2026-03-01", Person(9)))
            .ReadAccess(
                ChangeFolder.Put("2026-03-01", $"{SomePeople.Cpr(1)};{SomePeople.Cpr(3)};self;2026-03-01;;none"),
                ChangeFolder.Put("2026-03-01", $"{SomePeople.Cpr(9)};{SomePeople.Cpr(3)};self;2026-03-01;;none"))
            .Registrations(ChangeFolder.Put("2026-03-01", $"{SomePeople.Cpr(1)};19552101"));
        await ImportAsync("2026-03-03");
        var (db, now) = (_database.DataSource, new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));

        Assert.NotNull(await ReadAccess.EndAsync(db, SomePeople.Cpr(9), SomePeople.Cpr(3), now, default));
        Assert.Equal([19552101u], await SenderRegistration.ListAsync(db, SomePeople.Cpr(9), default));
        Assert.NotNull(await SenderRegistration.EndAsync(db, SomePeople.Cpr(9), 19552101, now, default));

        Assert.Equal("2 0", await TextAsync(
            """
            select (select count(*) from register.read_access where valid_to is not null) || ' '
                || (select count(*) from register.registrations)
            """));
        Assert.Null(await ReadAccess.EndAsync(db, SomePeople.Cpr(9), SomePeople.Cpr(3), now, default));
        Assert.Null(await SenderRegistration.EndAsync(db, SomePeople.Cpr(9), 19552101, now, default));
    }

    /// <summary>Changes of today are applied at once, whatever hour they name; who ends it means now.</summary>
    [Fact]
    public async Task EndAsync_ChangeOfTodayNamesALaterHour_EndsItAtOnce()
    {
        string Grant(string from) => $"{SomePeople.Cpr(1)};{SomePeople.Cpr(3)};self;{from};;none";
        _changes.ReadAccess(
            ChangeFolder.Put("2026-03-01", Grant("2026-03-01")),
            ChangeFolder.Put("2026-03-01", Grant("2026-03-03T15:00:00Z")),
            ChangeFolder.Remove("2026-03-03T20:00:00Z", $"{SomePeople.Cpr(1)};{SomePeople.Cpr(3)};;;;"));
        await ImportAsync("2026-03-03");

        Assert.NotNull(await ReadAccess.EndAsync(
            _database.DataSource, SomePeople.Cpr(1), SomePeople.Cpr(3), Instant("2026-03-03T12:00:00Z"), default));

        Assert.Equal(
            "2026-03-03 12:00:00",
            await TextAsync("select string_agg((valid_to at time zone 'UTC')::text, ', ') from register.read_access"));
    }

    [Fact]
    public async Task ImportAsync_SameChangesAgain_ChangesNothing()
    {
        _changes
            .People(
                ChangeFolder.Put("2026-03-01", Person(1) with { Exempt = "1" }),
                ChangeFolder.Remove("2026-03-01", Bare(2)))
            .Registrations(ChangeFolder.Put("2027-03-01", $"{SomePeople.Cpr(1)};19552101"));
        await ImportAsync("2026-03-03");
        var before = await AllAsync();

        Assert.Equal(new ChangeCounts(2, 0, 0, 0, 0), await ImportAsync("2026-03-03"));
        Assert.Equal(before, await AllAsync());

        // Other bytes, the same changes.
        File.AppendAllText(Path.Combine(_changes.Path, "people.csv"), "\n");
        File.AppendAllText(Path.Combine(_changes.Path, "registrations.csv"), "\n");
        Assert.Equal(new ChangeCounts(2, 0, 0, Known: 3, 0), await ImportAsync("2026-03-03"));
        Assert.Equal(before, await AllAsync());
    }

    [Fact]
    public async Task ApplyDueAsync_ChangeForADayToCome_TakesEffectOnItsDayOnce()
    {
        _changes.People(ChangeFolder.Put("2026-03-29T18:00:00", Person(1) with { Exempt = "1" }));

        Assert.Equal(new ChangeCounts(1, 0, Waiting: 1, 0, 0), await ImportAsync("2026-03-03"));
        await ApplyAsync("2026-03-28T23:59:59+01:00");
        Assert.Equal("0", await ExemptAsync());

        Assert.Equal(new ChangeCounts(2, Applied: 1, 0, 0, 0), await ApplyAsync("2026-03-29T00:00:00+01:00"));
        Assert.Equal("1", await ExemptAsync());
        Assert.Equal(new ChangeCounts(2, 0, 0, 0, 0), await ApplyAsync("2026-03-30"));
        Assert.Equal("1", await TextAsync("select count(*)::text from register.events"));
    }

    [Fact]
    public async Task ApplyDueAsync_ChangeThatTheDayMadeImpossible_IsSetAsideAndTheOthersAreNot()
    {
        _changes.People(
            ChangeFolder.Put("2026-05-01", Person(1) with { Guardian = SomePeople.Cpr(2) }),
            ChangeFolder.Put("2026-05-01", Person(3) with { Exempt = "1" }));
        await ImportAsync("2026-03-03");
        _changes.People(ChangeFolder.Put("2026-04-01", Person(2) with { Guardian = SomePeople.Cpr(1) }));
        await ImportAsync("2026-04-01");

        Assert.Equal(new ChangeCounts(3, Applied: 1, 0, 0, SetAside: 1), await ApplyAsync("2026-05-01"));

        Assert.Equal("1", await ExemptAsync());
        Assert.Equal(
            "register.guardian_loop", await TextAsync("select string_agg(fault, ',') from register.pending_changes"));
    }

    [Fact]
    public async Task ImportAsync_ReadAccessRemoved_EndsWhatIsInForceAndTakesAwayWhatHadNotBegun()
    {
        string Grant(string from) => $"{SomePeople.Cpr(1)};{SomePeople.Cpr(2)};self;{from};;none";
        _changes.ReadAccess(
            ChangeFolder.Put("2026-01-01", Grant("2026-01-01")), ChangeFolder.Put("2026-01-01", Grant("2026-06-01")),
            ChangeFolder.Put("2026-01-01", $"{SomePeople.Cpr(1)};{SomePeople.Cpr(3)};self;2026-01-01;;none"));
        await ImportAsync("2026-02-01");
        _changes.ReadAccess(
            ChangeFolder.Remove("2026-03-01T09:00:00Z", $"{SomePeople.Cpr(1)};{SomePeople.Cpr(2)};;;;"));
        await ImportAsync("2026-03-01");

        Assert.Equal(
            $"{SomePeople.Number(2)} 2026-03-01 09:00:00, {SomePeople.Number(3)} open",
            await TextAsync(
                """
                select string_agg(
                    reader || ' ' || coalesce((valid_to at time zone 'UTC')::text, 'open'), ', ' order by reader)
                from register.read_access
                """));
    }

    [Fact]
    public async Task ImportAsync_RegistrationRemoved_IsGoneAndTheOthersStay()
    {
        string Key(int person, string sender) => $"{SomePeople.Cpr(person)};{sender}";
        _changes.Registrations(
            ChangeFolder.Put("2026-03-01", Key(1, "19552101")), ChangeFolder.Put("2026-03-01", Key(1, "10000009")),
            ChangeFolder.Put("2026-03-01", Key(2, "19552101")));
        await ImportAsync("2026-03-01");
        _changes.Registrations(ChangeFolder.Remove("2026-03-02", Key(1, "19552101")));
        await ImportAsync("2026-03-02");

        Assert.Equal(
            $"{SomePeople.Number(1)} 10000009, {SomePeople.Number(2)} 19552101",
            await TextAsync(
                "select string_agg(cpr || ' ' || sender_cvr, ', ' order by cpr) from register.registrations"));
    }

    static PersonLine Person(int index) => new(SomePeople.Cpr(index));

    static string Bare(int index) => SomePeople.Cpr(index) + new string(';', 19);

    static DateTimeOffset Instant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    Task<ChangeCounts> ImportAsync(string now) =>
        RegisterChanges.ImportAsync(_database.DataSource, _changes.Path, Instant(now), _ => { }, default);

    Task<ChangeCounts> ApplyAsync(string now) =>
        RegisterChanges.ApplyDueAsync(_database.DataSource, Instant(now), default);

    Task<string> ExemptAsync() => TextAsync(
        "select count(*)::text from register.people where exempt and facts & 256 <> 0");

    Task<string> AllAsync() => TextAsync(
        """
        select (select string_agg(p::text, E'\n' order by cpr) from register.people p)
            || (select count(*) from register.events) || ' ' || (select count(*) from register.pending_changes)
            || ' ' || (select max(version) from register.versions)
        """);

    Task<string> TextAsync(string sql) => _database.QueryAsync<string>(sql);
}
