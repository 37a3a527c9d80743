using System.Text;
using Dispatch.Routing.Register;
using Dispatch.Worker.Register;

namespace Dispatch.Worker.Tests.Register;

public sealed class RegisterImportTests : IAsyncLifetime, IDisposable
{
    readonly TestDatabase _database = new();
    readonly RegisterFolder _folder = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_FirstImport_CountsEverything()
    {
        _folder.People(Person(1), Person(2))
            .Companies("19552101;Skattestyrelsen;;Sluseholmen 8B;;2450;København SV;;active;;")
            .ReadAccess($"{SomePeople.Cpr(1)};{SomePeople.Cpr(2)};self;2026-01-01;;none")
            .Registrations($"{SomePeople.Cpr(1)};19552101");

        var counts = await ImportAsync();

        Assert.Equal(new RegisterCounts(1, 2, 1, 1, 1, Added: 3, Removed: 0), counts);
    }

    [Fact]
    public async Task RunAsync_SameFolderAgain_KeepsIds()
    {
        _folder.People(Person(3), Person(1), Person(2)).Companies(Company("19552101"));
        await ImportAsync();
        var before = await IdsAsync();

        var counts = await ImportAsync();

        Assert.Equal(before, await IdsAsync());
        Assert.Equal(4, before.Split(',').Length);
        Assert.Equal((2L, 0, 0), (counts.Version, counts.Added, counts.Removed));
    }

    /// <summary>The letters under the older number are the person's, whether or not the register has it.</summary>
    [Fact]
    public async Task RunAsync_OlderNumberGone_StillLeadsToThePersonUntilItIsSomebodysAgain()
    {
        const string Ids =
            "select array_length(register.ids_of(person_id), 1)::text from register.people where cpr = ";
        _folder.People(Person(1) with { Status = "60", CurrentCpr = SomePeople.Cpr(2) }, Person(2));
        await ImportAsync();

        _folder.People(Person(2));
        await ImportAsync();
        await ImportAsync();

        Assert.Equal("2", await TextAsync(Ids + SomePeople.Number(2)));
        _folder.People(Person(1), Person(2));
        await ImportAsync();
        Assert.Equal("1", await TextAsync(Ids + SomePeople.Number(2)));
    }

    [Fact]
    public async Task RunAsync_PersonGoneAndBack_KeepsTheIdAndNothingElseMeanwhile()
    {
        _folder.People(
            Person(1), Person(2) with { Contact = "Somewhere 1|4000 Roskilde", Guardian = SomePeople.Cpr(1) });
        await ImportAsync();
        var id = await IdOfAsync(2);

        _folder.People(Person(0), Person(1), Person(3));
        var gone = await ImportAsync();

        Assert.Equal((2, 1), (gone.Added, gone.Removed));
        Assert.Equal(id, await IdOfAsync(2));
        Assert.Equal(
            $"({SomePeople.Number(2)},{id},0,0,0,,t,,,\"\",,,,,,,,f,f,f,,,,none)",
            await TextAsync($"select p::text from register.people p where cpr = {SomePeople.Number(2)}"));

        _folder.People(Person(1), Person(2), Person(3));
        var back = await ImportAsync();

        Assert.Equal((0, 1), (back.Added, back.Removed));
        Assert.Equal(id, await IdOfAsync(2));
        Assert.Equal("3", await TextAsync("select count(*)::text from register.people where not removed"));
    }

    [Fact]
    public async Task RunAsync_CompanyGone_KeepsTheId()
    {
        _folder.People().Companies(Company("19552101"), Company("10000009"));
        await ImportAsync();
        var before = await TextAsync("select person_id::text from register.companies where cvr = 19552101");
        _folder.Companies(Company("10000009"));

        var counts = await ImportAsync();

        Assert.Equal(1, counts.Removed);
        Assert.Equal(
            before, await TextAsync("select person_id::text from register.companies where cvr = 19552101 and removed"));
    }

    [Fact]
    public async Task RunAsync_SmallerFolder_ReplacesEverything()
    {
        _folder.People(Person(1), Person(2))
            .ReadAccess($"{SomePeople.Cpr(1)};{SomePeople.Cpr(2)};guardian;2026-01-01;;both")
            .Registrations($"{SomePeople.Cpr(1)};19552101");
        await ImportAsync();
        File.Delete(Path.Combine(_folder.Path, "read_access.csv"));
        File.Delete(Path.Combine(_folder.Path, "registrations.csv"));
        _folder.People(Person(1) with { Name = "Freja Holm" });

        await ImportAsync();

        Assert.Equal(
            "Freja Holm", await TextAsync("select string_agg(name, ',') from register.people where not removed"));
        Assert.Equal("0", await TextAsync(
            """
            select ((select count(*) from register.read_access) + (select count(*) from register.registrations))::text
            """));
    }

    [Fact]
    public async Task RunAsync_EveryColumn_IsStoredAsItStands()
    {
        _folder.People(new PersonLine(SomePeople.Cpr(7))
        {
            Status = "60",
            StatusDate = "2019-12-31",
            CurrentCpr = SomePeople.Cpr(8).Insert(6, "-"),
            BirthDate = "2004-02-29",
            Name = "\"Jens; \"\"den ældre\"\" Holm\"",
            Co = "c/o Holm",
            Place = "Nørre Å",
            Country = "GL",
            Contact = "Hovedgaden 1|4000 Roskilde",
            Protected = "1",
            Exempt = "0",
            Voluntary = "1",
            Guardian = SomePeople.Cpr(9),
            Notify = "both",
        });

        await ImportAsync();

        var birthDay = BirthDay.From(new DateOnly(2004, 2, 29));
        Assert.Equal(
            $"({SomePeople.Number(7)},1,{birthDay},60,{SomePeople.Number(8)},f,2019-12-31,2004-02-29,"
            + "\"Jens; \"\"den ældre\"\" Holm\",\"c/o Holm\",\"Lærkevej 9C, 1. tv\",\"Nørre Å\",2450,"
            + $"\"København SV\",GL,\"Hovedgaden 1|4000 Roskilde\",t,f,t,{SomePeople.Number(9)},"
            + "someone@example.dk,00000000,both)",
            await TextAsync(
                """
                select row(cpr, person_id, birth_day, status, current_cpr, removed, status_date, birth_date, name, co,
                    street, place, postcode, city, country, contact, protected, exempt, voluntary, guardian, email,
                    phone, notify)::text
                from register.people
                """));
        var facts = new PersonFacts((ushort)await _database.QueryAsync<int>("select facts from register.people"));
        Assert.Equal(
            (60, true, false, true, true, true),
            (facts.Status, facts.IsProtected, facts.IsExempt, facts.IsVoluntary, facts.HasContact, facts.HasStreet));
    }

    [Fact]
    public async Task RunAsync_OrdinaryAndUnusualNames_MarksTheUnusualOnly()
    {
        _folder.People(Person(1), Person(2) with { Name = "王 小明" });
        await ImportAsync();

        var marks = await TextAsync(
            "select string_agg((facts >> 14 & 1)::text, ',' order by name collate \"C\") from register.people");

        Assert.Equal("0,1", marks);
    }

    [Fact]
    public async Task RunAsync_UnknownStatus_IsAccepted()
    {
        _folder.People(Person(1) with { Status = "99" });

        Assert.Equal(1, (await ImportAsync()).People);
        Assert.Equal("99", await TextAsync("select status::text from register.people"));
    }

    [Theory]
    [InlineData("\n", false)]
    [InlineData("\r\n", false)]
    [InlineData("\r\n", true)]
    [InlineData("\r", true)]
    public async Task RunAsync_LineBreaksAndMark_AreNoMatter(string lineBreak, bool hasMark)
    {
        var text = string.Join(lineBreak, PersonLine.Header, Person(2), Person(1));
        _folder.Write("people.csv", [.. hasMark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)]);

        Assert.Equal(2, (await ImportAsync()).People);
        Assert.Equal("Lærke Østergaard", await TextAsync("select max(name) from register.people"));
        Assert.Equal("none,none", await TextAsync("select string_agg(notify, ',') from register.people"));
    }

    [Fact]
    public async Task RunAsync_ColumnsInOtherOrder_AreFoundByName()
    {
        _folder.Write("registrations.csv", "sender_cvr;cpr", $"19552101;{SomePeople.Cpr(1)}").People();

        await ImportAsync();

        Assert.Equal(
            $"{SomePeople.Number(1)}/19552101",
            await TextAsync("select cpr || '/' || sender_cvr from register.registrations"));
    }

    [Fact]
    public async Task RunAsync_HeadersAlone_MakeAnEmptyRegister()
    {
        _folder.People().Companies().ReadAccess().Registrations();

        Assert.Equal(new RegisterCounts(1, 0, 0, 0, 0, 0, 0), await ImportAsync());
    }

    [Fact]
    public async Task RunAsync_ReadAccessTimes_AreLocalUnlessTheySayOtherwise()
    {
        var (owner, reader) = (SomePeople.Cpr(1), SomePeople.Cpr(2));
        _folder.People().ReadAccess(
            $"{owner};{reader};self;2026-01-15;2026-07-15T08:30:00;",
            $"{owner};{reader};citizen-service;2026-07-15T08:30:00Z;2026-07-15T08:30+09:00;sms");

        await ImportAsync();

        Assert.Equal(
            "2026-01-14T23:00|2026-07-15T06:30|none,2026-07-15T08:30|2026-07-14T23:30|sms",
            await TextAsync(
                """
                select string_agg(to_char(valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') || '|'
                    || to_char(valid_to at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') || '|' || notify, ','
                    order by valid_from)
                from register.read_access
                """));
    }

    [Fact]
    public async Task RunAsync_ManyUnorderedRows_LieInTheOrderOfTheirNumbers()
    {
        const int Count = 20_000;
        var people = Enumerable.Range(0, Count)
            .Select(i => Person(i) with { Name = $"Person {SomePeople.Cpr(i)[..4]}" })
            .ToArray();
        new Random(4).Shuffle(people);
        _folder.People(people);

        await ImportAsync();

        Assert.Equal(
            $"{Count} 0 0",
            await TextAsync(
                """
                select count(*) || ' ' || count(*) filter (where cpr < before) || ' '
                    || count(*) filter (where name <> 'Person ' || left(lpad(cpr::text, 10, '0'), 4))
                from (select cpr, name, lag(cpr) over (order by ctid) as before from register.people) p
                """));
    }

    static PersonLine Person(int index) => new(SomePeople.Cpr(index));

    static string Company(string cvr) => $"{cvr};Tang & Tare ApS;;Havnen 1;;5000;Odense C;;closed;1;";

    Task<RegisterCounts> ImportAsync() =>
        RegisterImport.RunAsync(_database.DataSource, _folder.Path, progress: null, CancellationToken.None);

    Task<string> TextAsync(string sql) => _database.QueryAsync<string>(sql);

    Task<string> IdOfAsync(int index) =>
        TextAsync($"select person_id::text from register.people where cpr = {SomePeople.Number(index)}");

    Task<string> IdsAsync() => TextAsync(
        """
        select string_agg(number || '=' || person_id, ',' order by number)
        from (select cpr as number, person_id from register.people
            union all select cvr, person_id from register.companies) p
        """);
}
