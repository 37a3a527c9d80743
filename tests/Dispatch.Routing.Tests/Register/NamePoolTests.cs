using System.Text;
using Dispatch.Routing.Register;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Routing.Tests.Register;

public sealed class NamePoolTests
{
    [Fact]
    public void Name_AnyNames_AreKeptInOrder()
    {
        var names = Gen.Frequency(
            (8, Gen.Choose(0, 40)), (1, Gen.Choose(250, 260)), (1, Gen.Constant(0))).ListOf();
        Prop.ForAll(names.ToArbitrary(), lengths => AreKept([.. lengths.Select(Text)])).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Name_NamesThatFillPagesExactly_AreKept()
    {
        // 64 × 16 × 16 bytes fill a page to its last byte; empty and long names follow.
        Assert.True(AreKept([
            .. Enumerable.Repeat(16, 1 << 16).Select(Text),
            .. Enumerable.Repeat(0, 40).Select(Text),
            Text(300, 0),
            .. Enumerable.Repeat(254, 10_000).Select(Text),
        ]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    public void Name_EmptyNamesOnly_AreEmpty(int count) => Assert.True(AreKept([.. Enumerable.Repeat("", count)]));

    [Fact]
    public void Name_SnapshotWithoutNames_IsEmpty()
    {
        var builder = new RegisterSnapshotBuilder(withNames: false);
        builder.AddCompany(10000009, 1, default, "Tang ApS"u8);

        Assert.True(builder.Build(1, []).Name(0).IsEmpty);
    }

    static string Text(int length, int index) => new((char)('a' + index % 26), length);

    static bool AreKept(string[] names)
    {
        var builder = new RegisterSnapshotBuilder(withNames: true, expectedCount: names.Length / 2);
        for (var i = 0; i < names.Length; i++)
        {
            builder.AddCompany((uint)(i + 1), i, default, Encoding.UTF8.GetBytes(names[i]));
        }

        var snapshot = builder.Build(1, []);
        return Enumerable.Range(0, names.Length).All(i => Encoding.UTF8.GetString(snapshot.Name(i)) == names[i]);
    }
}
