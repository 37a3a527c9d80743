using System.Globalization;
using Dispatch.Worker.Register;
using Dispatch.Worker.Register.Changes;
using Dispatch.Worker.Register.Enrolments;

namespace Dispatch.Worker.Tests.Register;

public sealed class EnrolmentSearchTests : IAsyncLifetime, IDisposable
{
    static readonly DateOnly NewYear = new(2027, 1, 1);

    readonly TestDatabase _database = new();
    readonly RegisterFolder _register = new();
    readonly ChangeFolder _changes = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    public void Dispose()
    {
        _register.Dispose();
        _changes.Dispose();
    }

    [Fact]
    public Task RunAsync_AYearDayByDay_FindsEveryCrossingOnItsDayOnce() => LiveAYearAsync(people: 600);

    [Fact]
    [Trait("Length", "long")]
    public Task RunAsync_AYearDayByDayOfManyPeople_FindsEveryCrossingOnItsDayOnce() => LiveAYearAsync(people: 100_000);

    async Task LiveAYearAsync(int people)
    {
        var random = new Random(20270101);
        var lives = Enumerable.Range(0, people).Select(index => Life(index, random)).ToList();
        _register.People([.. lives.Select(life => life[0].Person)]);
        await ImportAsync(NewYear);
        _changes.People([.. lives.SelectMany(
            life => life.Skip(1).Select(step => ChangeFolder.Put(Text(step.From), step.Person)))]);
        await RegisterChanges.ImportAsync(_database.DataSource, _changes.Path, Noon(NewYear), _ => { }, default);

        var expected = new List<string>();
        for (var day = NewYear.AddDays(1); day.Year == NewYear.Year; day = day.AddDays(1))
        {
            await RegisterChanges.ApplyDueAsync(_database.DataSource, Noon(day), default);
            await EnrolmentSearch.RunAsync(_database.DataSource, Noon(day), default);
            expected.AddRange(lives.Where(life => IsEnrolled(life, day) != IsEnrolled(life, day.AddDays(-1))).Select(
                life => $"{life[0].Person.Cpr} {Text(day)} {(IsEnrolled(life, day) ? "t" : "f")}"));
        }

        var found = await TextAsync(
            """
            select string_agg(to_char(cpr, 'FM0000000000') || ' ' || on_date || ' ' || is_enrolled::text::char, E'\n')
            from register.enrolments join register.people using (person_id)
            """);
        Assert.InRange(expected.Count, people / 5, 3 * people);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_EveryCause_IsToldAndTheLetterIsOwed()
    {
        var day = new DateOnly(2027, 3, 1);
        var child = Person(1) with { BirthDate = "2012-02-29" };
        var old = Person(20);
        _register.People(
            child, Person(2), Person(3) with { Exempt = "1" }, Person(4), Person(5) with { Status = "80" },
            Person(6) with { Status = "03" }, Person(7), Person(8), Person(9) with { Status = "80" }, Person(10), old);
        await ImportAsync(day.AddDays(-1));
        string Put(PersonLine line) => ChangeFolder.Put("2027-03-01", line);
        _changes.People(
            Put(Person(2) with { Exempt = "1" }), Put(Person(3)), Put(Person(4) with { Status = "90" }), Put(Person(5)),
            Put(Person(6)), Put(Person(7) with { Status = "80" }), ChangeFolder.Remove("2027-03-01", Person(8)),
            Put(Person(9) with { Status = "80", Voluntary = "1" }), Put(Person(10) with { Name = "Anna" }),
            Put(old with { Status = "60", CurrentCpr = SomePeople.Cpr(21) }), Put(Person(21)), Put(Person(22)));
        await RegisterChanges.ImportAsync(_database.DataSource, _changes.Path, Noon(day), _ => { }, default);

        Assert.Equal(10, await EnrolmentSearch.RunAsync(_database.DataSource, Noon(day), default));
        Assert.Equal(0, await EnrolmentSearch.RunAsync(_database.DataSource, Noon(day.AddDays(1)), default));
        Assert.Equal("1", await TextAsync("select count(*)::text from dispatch.events where action = 'enrolment'"));

        string Line(int person, string cause) => $"{SomePeople.Number(person)} {cause}";
        Assert.Equal(
            string.Join('\n', new[]
            {
                Line(1, "turned_15"), Line(2, "exempted"), Line(3, "exemption_lifted"), Line(4, "died"),
                Line(5, "moved_in"), Line(6, "got_address"), Line(7, "left"), Line(8, "removed"), Line(9, "signed_up"),
                Line(22, "moved_in"),
            }.Order(StringComparer.Ordinal)),
            await TextAsync(
                """
                select string_agg(cpr || ' ' || cause, E'\n' order by (cpr || ' ' || cause) collate "C")
                from register.enrolments join register.people using (person_id)
                """));
        await OwnLetters.GatherAsync(_database.DataSource, default);
        var jobs = await OwnLetters.FindUnsubmittedAsync(_database.DataSource, default);
        Assert.Equal(
            ["exemption-lifted 1", "exemption-receipt 1", "welcome 3"],
            (await Task.WhenAll(jobs.Select(async job =>
                $"{job.Kind} {(await OwnLetters.LinesAsync(_database.DataSource, job, default)).Count}")))
                .Order(StringComparer.Ordinal));
    }

    /// <summary>The command that exempts brings its receipt along; a file that touches the person afterwards, before
    /// the nightly run, brings none.</summary>
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "exemption-receipt")]
    public async Task RunAsync_ExemptedAndMovedOnOneDay_OwesOneReceipt(bool isExemptedByFile, string owed)
    {
        var day = new DateOnly(2027, 3, 1);
        _register.People(Person(1));
        await ImportAsync(day.AddDays(-1));
        var exempt = Person(1) with { Exempt = "1" };
        if (isExemptedByFile)
        {
            _changes.People(ChangeFolder.Put("2027-03-01T06:00:00Z", exempt));
            await RegisterChanges.ImportAsync(_database.DataSource, _changes.Path, Noon(day), _ => { }, default);
        }
        else
        {
            await Exemption.SetAsync(
                _database.DataSource, exempt.Cpr, isExempt: true, null, printsReceived: false, Noon(day), default);
            await _database.ExecuteAsync("update register.own_letters set reference = 'sent'");
        }

        _changes.People(ChangeFolder.Put("2027-03-01T20:00:00Z", exempt with { Street = "Prøvevej 1" }));
        await RegisterChanges.ImportAsync(_database.DataSource, _changes.Path, Noon(day), _ => { }, default);

        Assert.Equal(1, await EnrolmentSearch.RunAsync(_database.DataSource, Noon(day), default));

        Assert.Equal(owed, await TextAsync(
            "select coalesce(string_agg(kind, ', '), '') from register.own_letters where reference is null"));
    }

    // What becomes of a person in the year, in some of its weeks.
    static List<(DateOnly From, PersonLine Person)> Life(int index, Random random)
    {
        var born = new DateOnly(2011, 12, 20).AddDays(random.Next(400));
        var person = Person(index) with { BirthDate = index % 3 == 0 ? "" : Text(born), Status = Status(random) };
        var life = new List<(DateOnly, PersonLine)> { (DateOnly.MinValue, person) };
        for (var day = NewYear.AddDays(7 * random.Next(1, 43)); index % 2 == 0 && day.Year == NewYear.Year;
             day = day.AddDays(7 * random.Next(1, 28)))
        {
            person = person with
            {
                Status = Status(random),
                Exempt = random.Next(3) == 0 ? "1" : "",
                Voluntary = random.Next(3) == 0 ? "1" : "",
            };
            life.Add((day, person));
        }

        return life;
    }

    static string Status(Random random) => random.Next(8) switch { 0 => "80", 1 => "03", 2 => "70", _ => "01" };

    static bool IsEnrolled(List<(DateOnly From, PersonLine Person)> life, DateOnly day)
    {
        var person = life.Last(step => step.From <= day).Person;
        var born = person.BirthDate.Length == 0 ? new DateOnly(1990, 1, 2) : Date(person.BirthDate);
        var is15 = born.AddYears(15) <= day && !(born is { Month: 2, Day: 29 } && day == born.AddYears(15));
        return is15 && person.Exempt != "1"
            && (person.Status == "01" || person is { Voluntary: "1", Status: "03" or "80" });
    }

    static PersonLine Person(int index) => new(SomePeople.Cpr(index));

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateTimeOffset Noon(DateOnly day) => new(day, new(11, 0), TimeSpan.Zero);

    async Task ImportAsync(DateOnly day)
    {
        await RegisterImport.RunAsync(_database.DataSource, _register.Path, null, default);
        await EnrolmentSearch.BeginAsync(_database.DataSource, Noon(day), default);
    }

    Task<string> TextAsync(string sql) => _database.QueryAsync<string>(sql);
}
