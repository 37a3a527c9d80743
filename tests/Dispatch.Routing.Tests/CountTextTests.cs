namespace Dispatch.Routing.Tests;

public sealed class CountTextTests
{
    [Theory]
    [InlineData(0, "piece", "0 pieces")]
    [InlineData(1, "piece", "1 piece")]
    [InlineData(1_200, "piece", "1,200 pieces")]
    [InlineData(1, "batch", "1 batch")]
    [InlineData(2, "batch", "2 batches")]
    public void Of_CountAndNoun_ReadAsOneWouldSayThem(long count, string noun, string expected) =>
        Assert.Equal(expected, CountText.Of(count, noun));
}
