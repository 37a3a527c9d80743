using System.Text;
using Dispatch.PrintExport.Batches;

namespace Dispatch.PrintExport.Tests.Batches;

public sealed class StreetKeyTests
{
    [Theory]
    [InlineData("N\nGade 9\n1000 By", "N\nGade 10\n1000 By")]
    [InlineData("N\nGade 2\n1000 By", "N\nGade 2A\n1000 By")]
    [InlineData("Z\nAgade 1\n1000 By", "A\nBgade 1\n1000 By")]
    [InlineData("A\nGade 1\n1000 By", "B\nGade 1\n1000 By")]
    [InlineData("A\nGade 0\n1000 By", "A\nGade 1\n1000 By")]
    public void From_TwoBlocks_FirstSortsBefore(string first, string second) =>
        Assert.True(Key(first).AsSpan().SequenceCompareTo(Key(second)) < 0);

    [Fact]
    public void From_LeadingZeros_SameAsWithout() => Assert.Equal(Key("Gade 7"), Key("Gade 007"));

    [Fact]
    public void From_VeryLongBlock_IsCut()
    {
        Assert.InRange(Key(new string('å', 500)).Length, 1, 128);
        Assert.InRange(Key(new string('7', 500)).Length, 1, 128);
    }

    [Theory]
    [InlineData("Gade 01\n1000 By", "Bo")]
    [InlineData("Gade 001\n1000 By", "Bo")]
    [InlineData("c/o Bo\nGade 1\n1000 By", "Æ")]
    [InlineData("Bogård\nGade 1\n1000 By", "Bo")]
    [InlineData("Gade 1\n1000 By\nBo", "Bo")]
    public void FromHousehold_OtherLines_NeverStandBetweenTwoOfOneHousehold(string lines, string name)
    {
        string[] names = ["Anna", "Bo", "Dan", "Til dig", "Åse"];
        var household = names.Select(n => Household(n, "Gade 1\n1000 By")).ToList();
        var other = Household(name, lines);

        var sides = household.Select(key => Math.Sign(key.AsSpan().SequenceCompareTo(other)));

        Assert.Single(sides.Distinct());
        Assert.True(household[0].AsSpan().SequenceCompareTo(household[1]) < 0);
        var (nine, ten) = (Household("Z", "Gade 9\n1000 By"), Household("A", "Gade 10\n1000 By"));
        Assert.True(nine.AsSpan().SequenceCompareTo(ten) < 0);
    }

    static byte[] Household(string name, string lines) =>
        StreetKey.FromHousehold(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(lines));

    static byte[] Key(string block) => StreetKey.From(Encoding.UTF8.GetBytes(block));
}
