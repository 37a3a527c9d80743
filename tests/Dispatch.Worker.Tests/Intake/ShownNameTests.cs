using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

public sealed class ShownNameTests
{
    [Theory]
    [InlineData("list 2026.csv", "'list 2026.csv'")]
    [InlineData("a\nb\u202Ec'd", "'a?b?c?d'")]
    [InlineData("x1403711101y", "'x##########y'")]
    [InlineData("140371-1101", "'######-1101'")]
    [InlineData("12345", "'12345'")]
    public void Of_Name_IsOneLineWithoutNumbers(string name, string expected) =>
        Assert.Equal(expected, ShownName.Of(name));

    [Fact]
    public void Of_LongName_IsCut() =>
        Assert.Equal("'" + new string('x', 60) + "…'", ShownName.Of(new string('x', 300)));
}
