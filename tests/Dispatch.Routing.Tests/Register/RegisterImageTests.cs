using System.Text;
using Dispatch.Routing.Register;

namespace Dispatch.Routing.Tests.Register;

public sealed class RegisterImageTests
{
    const uint Old = 0201400001;
    const uint Current = 0301400003;
    static readonly string LongName = new('Æ', 200);
    static readonly PersonFacts Active = PersonFacts.Person(1, false, true, false, false, true, false);
    static readonly PersonFacts Changed = PersonFacts.Person(60, false, false, false, false, true, false);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_WhatWriteWrote_IsTheSameRegister(bool withNames)
    {
        var made = Some(withNames);

        var read = Copy(made, [Old]);

        Assert.Equal(
            (made.Version, made.PeopleCount, made.CompanyCount), (read.Version, read.PeopleCount, read.CompanyCount));
        for (var i = 0; i < made.Count; i++)
        {
            Assert.Equal(
                (made.PersonId(i), made.Facts(i), made.BirthDayOf(i), made.CurrentCpr(i), Name(made, i)),
                (read.PersonId(i), read.Facts(i), read.BirthDayOf(i), read.CurrentCpr(i), Name(read, i)));
        }

        Assert.Equal(withNames ? LongName : "", Name(read, read.FindPerson(Current)));
        Assert.Equal((0, 50, 51), (read.FindPerson(Old), read.FindPerson(Current), read.FindCompany(19552101)));
        Assert.Equal(-1, read.FindPerson(0401400005));
    }

    [Fact]
    public void Read_Registrations_AreThoseGivenAndFollowChangedNumbers()
    {
        var read = Copy(Some(withNames: false), [Old]);

        Assert.True(read.IsRegistered(read.FindPerson(Current)));
        Assert.False(read.IsRegistered(read.FindPerson(0201400002)));
        Assert.False(Copy(read, []).IsRegistered(read.FindPerson(Current)));
    }

    [Fact]
    public void Read_EmptyRegister_IsEmpty() =>
        Assert.Equal(0, Copy(new RegisterSnapshotBuilder(withNames: true).Build(0, []), []).Count);

    // 51 people, so that names lie in several strides, and two companies.
    static RegisterSnapshot Some(bool withNames)
    {
        var builder = new RegisterSnapshotBuilder(withNames);
        builder.AddPerson(Old, 1, Changed, 1, Current, "Old"u8);
        for (var i = 1u; i < 50; i++)
        {
            builder.AddPerson(Old + i, (int)i + 1, Active, (ushort)i, 0, Encoding.UTF8.GetBytes($"Ærø {i}"));
        }

        builder.AddPerson(Current, 100, Active, 7, 0, Encoding.UTF8.GetBytes(LongName));
        builder.AddCompany(19552101, 200, PersonFacts.Company(true, false, true, false), "Tang ApS"u8);
        builder.AddCompany(19552102, 201, PersonFacts.Company(false, true, true, false), []);
        return builder.Build(7, []);
    }

    static RegisterSnapshot Copy(RegisterSnapshot snapshot, uint[] registered)
    {
        var image = new MemoryStream();
        RegisterImage.Write(snapshot, image.Write);
        image.Position = 0;
        var read = RegisterImage.Read(image.ReadExactly, snapshot.Version, registered);
        Assert.Equal(image.Length, image.Position);
        return read;
    }

    static string Name(RegisterSnapshot snapshot, int index) => Encoding.UTF8.GetString(snapshot.Name(index));
}
