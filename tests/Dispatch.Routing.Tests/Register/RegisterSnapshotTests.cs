using System.Text;
using Dispatch.Routing.Register;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Routing.Tests.Register;

public sealed class RegisterSnapshotTests
{
    static readonly PersonFacts Active = PersonFacts.Person(1, false, false, false, false, true, false);
    static readonly PersonFacts Changed = PersonFacts.Person(60, false, false, false, false, true, false);

    [Fact]
    public void FindPerson_AnyNumbers_FindsThoseAddedAndNoOther()
    {
        var numbers =
            from day in Gen.Choose(1, 31)
            from month in Gen.Choose(1, 12)
            from year in Gen.Choose(0, 99)
            from serial in Gen.Choose(0, 9999)
            select (uint)(((day * 100 + month) * 100 + year) * 10_000 + serial);
        Prop.ForAll(numbers.ListOf().ToArbitrary(), numbers.ListOf().ToArbitrary(), (added, others) =>
        {
            var sorted = added.Distinct().Order().ToArray();
            var builder = new RegisterSnapshotBuilder(withNames: false);
            for (var i = 0; i < sorted.Length; i++)
            {
                builder.AddPerson(sorted[i], 1000 + i, Active, (ushort)i, 0, []);
            }

            var snapshot = builder.Build(7, []);
            return Enumerable.Range(0, sorted.Length).All(i => snapshot.FindPerson(sorted[i]) == i
                    && snapshot.PersonId(i) == 1000 + i && snapshot.BirthDayOf(i) == i)
                && others.Except(sorted).All(number => snapshot.FindPerson(number) < 0);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3200_000000u)]
    [InlineData(0013_000000u)]
    [InlineData(uint.MaxValue)]
    public void FindPerson_NumberThatIsNoDate_GivesNone(uint cpr) =>
        Assert.Equal(-1, new RegisterSnapshotBuilder(withNames: false).Build(1, []).FindPerson(cpr));

    [Fact]
    public void FindCompany_AfterPeople_GivesAnIndexBehindThem()
    {
        var builder = new RegisterSnapshotBuilder(withNames: true);
        builder.AddPerson(Cpr(1), 11, Active, 5, 0, "Ida Holm"u8);
        builder.AddCompany(10000009, 21, PersonFacts.Company(true, false, true, false), "Tang ApS"u8);
        builder.AddCompany(19552101, 22, PersonFacts.Company(false, true, true, false), "Skat"u8);
        var snapshot = builder.Build(1, []);

        Assert.Equal((1, 2, 3), (snapshot.PeopleCount, snapshot.CompanyCount, snapshot.Count));
        Assert.Equal(
            (1, 2, -1), (snapshot.FindCompany(10000009), snapshot.FindCompany(19552101), snapshot.FindCompany(1)));
        Assert.Equal("Skat", Encoding.UTF8.GetString(snapshot.Name(2)));
        Assert.True(snapshot.Facts(1).IsClosed);
    }

    [Fact]
    public void AddPerson_OutOfOrder_IsRefused()
    {
        var builder = new RegisterSnapshotBuilder(withNames: false);
        builder.AddPerson(Cpr(2), 1, Active, 0, 0, []);

        Assert.Throws<ArgumentException>(() => builder.AddPerson(Cpr(2), 2, Active, 0, 0, []));
        Assert.Throws<ArgumentException>(() => builder.AddPerson(Cpr(1), 2, Active, 0, 0, []));
    }

    [Fact]
    public void AddPerson_AfterACompany_IsRefused()
    {
        var builder = new RegisterSnapshotBuilder(withNames: false);
        builder.AddCompany(10000009, 1, PersonFacts.Company(false, false, true, false), []);

        Assert.Throws<ArgumentException>(() => builder.AddPerson(Cpr(1), 2, Active, 0, 0, []));
        Assert.Throws<ArgumentException>(() => builder.AddCompany(10000009, 2, default, []));
    }

    [Fact]
    public void Build_RegistrationsUnderOldNumbers_CountForAllLaterNumbers()
    {
        // 1 → 2 → 3 → 4 → 5 → 6 → 7; 8 ⇄ 9; 10 is unregistered.
        var builder = new RegisterSnapshotBuilder(withNames: false);
        for (var i = 1; i <= 10; i++)
        {
            var next = i < 7 ? Cpr(i + 1) : i == 8 ? Cpr(9) : i == 9 ? Cpr(8) : 0;
            builder.AddPerson(Cpr(i), i, next == 0 ? Active : Changed, 0, next, []);
        }

        var snapshot = builder.Build(1, [Cpr(2), Cpr(8), Cpr(99)]);

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], Enumerable.Range(1, 10).Where(i => snapshot.IsRegistered(i - 1)));
    }

    // Serial numbers of a day that does not exist.
    static uint Cpr(int serial) => 3002_900000u + (uint)serial;
}
