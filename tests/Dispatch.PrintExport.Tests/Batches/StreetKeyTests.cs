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

    static byte[] Key(string block) => StreetKey.From(Encoding.UTF8.GetBytes(block));
}
