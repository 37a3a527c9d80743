using System.Globalization;
using System.Text;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Register;
using Dispatch.Worker.Register;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Worker.Tests.Register;

/// <summary>Any register, imported over whatever was there before, reads back as its lines say.</summary>
public sealed class RandomRegisterTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    const int NumbersMax = 300;
    const int Sender = 19552101;

    static readonly Gen<PersonLine> Lines =
        from index in Gen.Choose(0, NumbersMax - 1)
        from status in Gen.Elements("01", "01", "03", "05", "50", "60", "60", "70", "90", "42")
        from current in Gen.Choose(0, NumbersMax - 1)
        from birthDate in Gen.Elements("", "", "1899-07-01", "2004-02-29", "2012-12-31")
        from name in Gen.Elements(
            "", "Ida Holm", "\"A; \"\"B\"\"\"", "Ægir Øst", new string('å', 200), "\"Two\r\nlines\"")
        from street in Gen.Elements("", " ", "Lærkevej 9C")
        from contact in Gen.Elements("", "||", "Havnen 1|5000 Odense C")
        from flags in Gen.Choose(0, 7)
        select new PersonLine(SomePeople.Cpr(index))
        {
            Status = status,
            CurrentCpr = status is "50" or "60" ? SomePeople.Cpr(current) : "",
            BirthDate = birthDate,
            Name = name,
            Street = street,
            Contact = contact,
            Protected = (flags & 1) != 0 ? "1" : "",
            Exempt = (flags & 2) != 0 ? "1" : "0",
            Voluntary = (flags & 4) != 0 ? "1" : "",
        };

    [Fact]
    public void LoadAsync_AnyRegister_EqualsItsLines()
    {
        var registers =
            from people in Lines.ListOf()
            from registered in Gen.Choose(0, NumbersMax - 1).ListOf()
            select (People: people.DistinctBy(p => p.Cpr).ToArray(), Registered: registered.Distinct().ToArray());
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(20).WithEndSize(NumbersMax),
            Prop.ForAll(
                registers.ToArbitrary(), r => IsReadBackAsync(r.People, r.Registered).GetAwaiter().GetResult()));
    }

    async Task<bool> IsReadBackAsync(PersonLine[] people, int[] registered)
    {
        using var folder = new RegisterFolder();
        folder.People(people).Registrations([.. registered.Select(i => $"{SomePeople.Cpr(i)};{Sender}")]);
        await RegisterImport.RunAsync(database.DataSource, folder.Path, progress: null, CancellationToken.None);
        var reader = new RegisterReader(database.DataSource);
        var whole = await reader.LoadAsync(withNames: true, Sender, CancellationToken.None);
        var asked = people.Where((_, i) => i % 3 == 0).Select(p => Number(p.Cpr)).ToArray();
        var part = await reader.LoadForAsync(asked, [], withNames: true, Sender, CancellationToken.None);

        var isRegistered = RegisteredNumbers(people, registered);
        Assert.Equal(people.Length, whole.PeopleCount);
        foreach (var person in people)
        {
            AssertEquals(person, isRegistered.Contains(person.Cpr), whole);
        }

        foreach (var person in people.Where(p => asked.Contains(Number(p.Cpr))))
        {
            AssertEquals(person, isRegistered.Contains(person.Cpr), part);
        }

        return true;
    }

    static HashSet<string> RegisteredNumbers(PersonLine[] people, int[] registered)
    {
        var byNumber = people.ToDictionary(p => p.Cpr);
        var numbers = registered.Select(SomePeople.Cpr).Where(byNumber.ContainsKey).ToHashSet();
        for (var before = -1; before != numbers.Count;)
        {
            before = numbers.Count;
            numbers.UnionWith(numbers.Select(n => byNumber[n].CurrentCpr).Where(byNumber.ContainsKey).ToArray());
        }

        return numbers;
    }

    static void AssertEquals(PersonLine person, bool isRegistered, RegisterSnapshot snapshot)
    {
        var index = snapshot.FindPerson(Number(person.Cpr));
        Assert.True(index >= 0);
        var facts = snapshot.Facts(index);
        var name = person.Name.StartsWith('"')
            ? person.Name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
            : person.Name;
        Assert.Equal(int.Parse(person.Status, CultureInfo.InvariantCulture), facts.Status);
        Assert.Equal(
            (person.Protected == "1", person.Exempt == "1", person.Voluntary == "1"),
            (facts.IsProtected, facts.IsExempt, facts.IsVoluntary));
        Assert.Equal((person.Street.Length > 1, person.Contact.Length > 2), (facts.HasStreet, facts.HasContact));
        Assert.Equal(name, Encoding.UTF8.GetString(snapshot.Name(index)));
        Assert.Equal(person.CurrentCpr.Length == 0 ? 0 : Number(person.CurrentCpr), snapshot.CurrentCpr(index));
        Assert.Equal(isRegistered, snapshot.IsRegistered(index));
        Assert.Equal(
            person.BirthDate.Length > 0
                ? BirthDay.From(DateOnly.ParseExact(person.BirthDate, "yyyy-MM-dd", CultureInfo.InvariantCulture))
                : CprNumber.BirthDayOf(Number(person.Cpr)),
            snapshot.BirthDayOf(index));
    }

    static uint Number(string cpr) => uint.Parse(cpr, CultureInfo.InvariantCulture);
}
