using Dispatch.Worker.Country;

namespace Dispatch.Worker.Tests.Country;

public sealed class ListOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(10_000)]
    public void PersonAt_AllPlaces_GivesEachPersonOnceAndBack(int count)
    {
        var order = new ListOrder(count, seed: 9);

        var people = Enumerable.Range(0, count).Select(order.PersonAt).ToList();

        Assert.Equal(Enumerable.Range(0, count), people.Order());
        Assert.Equal(Enumerable.Range(0, count), people.Select(order.PlaceOf));
    }

    [Fact]
    public void PersonAt_Places_AreNotInRegisterOrder()
    {
        var order = new ListOrder(10_000, seed: 9);

        var rising = Enumerable.Range(1, 9_999).Count(place => order.PersonAt(place) > order.PersonAt(place - 1));

        Assert.InRange(rising, 4_500, 5_500);
    }
}
