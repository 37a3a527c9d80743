using Dispatch.Routing;
using Dispatch.Worker.Register;
using Dispatch.Worker.Register.Changes;

namespace Dispatch.Worker.Tests.Register;

/// <summary>Whatever is wrong with a folder of changes, nothing of it is applied; so all cases share a register.
/// </summary>
public sealed class ChangeFaultTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);

    readonly ChangeFolder _changes = new();

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "register.value", "column 'op'", "drop;2026-03-01;" + Person(1), "" },
        { "register.value", "column 'effective_at'", ChangeFolder.Put("", Person(1)), "" },
        { "register.value", "column 'effective_at'", ChangeFolder.Put("2026-02-30", Person(1)), "" },
        { "register.value", "column 'status'", ChangeFolder.Put("2026-03-01", Person(1) with { Status = "1" }), "" },
        { "register.value", "column 'guardian'",
            ChangeFolder.Put("2026-03-01", Person(1) with { Guardian = SomePeople.Cpr(1) }), "" },
        { "register.value", "column 'name'",
            ChangeFolder.Put("2026-03-01", Person(1) with { Name = "\"A\r\nBcc: b\"" }), "" },
        { "register.value", "column 'name'", ChangeFolder.Put("2026-03-01", Person(1) with { Name = "A\u0085B" }), "" },
        { "register.value", "column 'email'", With(Person(1), "someone@example.dk", "\"a@b.dk\r\nBcc: c@d.dk\""), "" },
        { "register.value", "column 'email'",
            With(Person(1), "someone@example.dk", "Someone <someone@example.dk>"), "" },
        { "register.value", "column 'phone'", With(Person(1), "00000000", "1234567"), "" },
        { "register.value", "column 'phone'", With(Person(1), "00000000", "+0045123456"), "" },
        { "register.change_backwards", "column 'effective_at'",
            ChangeFolder.Put("2026-03-02", Person(1)), ChangeFolder.Put("2026-03-01", Person(1)) },
        { "register.change_conflict", "column 'effective_at'",
            ChangeFolder.Put("2026-03-01", Person(1)), ChangeFolder.Put("2026-03-01", Person(1) with { Name = "B" }) },
        { "register.change_conflict", "column 'effective_at'", ChangeFolder.Remove("2026-02-01", Bare(5)), "" },
        { "register.change_backwards", "column 'effective_at'", ChangeFolder.Put("2026-01-31", Person(5)), "" },
        { "register.change_conflict", "column 'effective_at'", ChangeFolder.Put("2027-02-01", Person(5)), "" },
        { "register.change_unknown", "column 'cpr'", ChangeFolder.Remove("2026-03-01", Bare(77)), "" },
        { "register.guardian_loop", "column 'guardian'",
            ChangeFolder.Put("2026-03-01", Person(1) with { Guardian = SomePeople.Cpr(2) }),
            ChangeFolder.Put("2026-03-01", Person(2) with { Guardian = SomePeople.Cpr(1) }) },
        { "register.guardian_loop", "column 'guardian'",
            ChangeFolder.Put("2026-03-01", Person(3) with { Guardian = SomePeople.Cpr(5) }), "" },
    };

    public void Dispose() => _changes.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ImportAsync_FaultyPerson_NamesFileLineAndColumnAndChangesNothing(
        string code, string column, string line, string second)
    {
        await ArrangeAsync();
        var good = ChangeFolder.Put("2026-03-01", Person(8));
        _changes.People([good, line, .. second.Length > 0 ? [second] : Array.Empty<string>()]);

        await DemandRefusedAsync(code, "people.csv' line ", column);
    }

    [Fact]
    public async Task ImportAsync_FaultyReadAccess_IsRefused()
    {
        await ArrangeAsync();
        string Grant(int reader) => $"{SomePeople.Cpr(1)};{SomePeople.Cpr(reader)};self;2026-03-01;;none";

        _changes.ReadAccess(ChangeFolder.Put("2026-03-01", Grant(1)));
        await DemandRefusedAsync("register.value", "read_access.csv' line 2", "column 'reader'");

        _changes.ReadAccess(ChangeFolder.Remove("2026-03-01", Grant(2)));
        await DemandRefusedAsync("register.change_unknown", "read_access.csv' line 2", "column 'owner, reader, from'");

        _changes.Clear().Registrations(ChangeFolder.Remove("2026-03-01", $"{SomePeople.Cpr(1)};19552101"));
        await DemandRefusedAsync("register.change_unknown", "registrations.csv' line 2", "column 'cpr, sender_cvr'");
    }

    [Fact]
    public async Task ImportAsync_ManyFaults_NamesTheFirstAndTheLinesOfOthers()
    {
        await ArrangeAsync();
        _changes.People(
            "drop;2026-03-01;" + Person(1), ChangeFolder.Put("2026-03-01", Person(2)),
            With(Person(3), "00000000", "1"), ChangeFolder.Put("", Person(4)));

        await DemandRefusedAsync(
            "register.value", "people.csv' line 2, column 'op'", "; 2 more of its lines have a fault: 4, 5");
    }

    [Fact]
    public async Task ImportAsync_NoFileOrAnotherHeader_IsRefused()
    {
        await ArrangeAsync();
        await DemandRefusedAsync("register.missing_file", _changes.Path, "people.csv");

        File.WriteAllText(Path.Combine(_changes.Path, "people.csv"), PersonLine.Header + "\n");
        await DemandRefusedAsync("register.header", "people.csv' line 1", "'op'");
    }

    static PersonLine Person(int index) => new(SomePeople.Cpr(index));

    static string Bare(int index) => SomePeople.Cpr(index) + new string(';', 19);

    static string With(PersonLine person, string value, string other) =>
        ChangeFolder.Put("2026-03-01", person.ToString().Replace(value, other, StringComparison.Ordinal));

    // Person 5, whose guardian is 4, whose guardian is 3; of 5 one change took effect and one waits.
    async Task ArrangeAsync()
    {
        using var register = new RegisterFolder();
        register.People(
            Person(1), Person(2), Person(3), Person(4) with { Guardian = SomePeople.Cpr(3) }, Person(5));
        await RegisterImport.RunAsync(database.DataSource, register.Path, null, default);
        var ward = Person(5) with { Guardian = SomePeople.Cpr(4) };
        using var changes = new ChangeFolder();
        changes.People(
            ChangeFolder.Put("2026-02-01", ward), ChangeFolder.Put("2027-02-01", ward with { Exempt = "1" }));
        await RegisterChanges.ImportAsync(database.DataSource, changes.Path, Now, _ => { }, default);
        await database.ExecuteAsync(
            $"update register.people set guardian = {SomePeople.Number(4)} where cpr = {SomePeople.Number(5)}");
    }

    async Task DemandRefusedAsync(string code, params string[] parts)
    {
        var before = await StateAsync();

        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => RegisterChanges.ImportAsync(database.DataSource, _changes.Path, Now, _ => { }, default));

        Assert.Equal((code, ExitCode.Refused), (fault.Code, fault.Exit));
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
        Assert.DoesNotMatch("[0-9]{10}", fault.Message);
        Assert.Equal(before, await StateAsync());
    }

    Task<string> StateAsync() => database.QueryAsync<string>(
        """
        select (select string_agg(p::text, E'\n' order by cpr) from register.people p)
            || (select count(*) from register.events) || ' ' || (select count(*) from register.pending_changes) || ' '
            || (select count(*) from register.change_files) || ' ' || (select max(version) from register.versions)
        """);
}
