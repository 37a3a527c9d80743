using System.Text;
using Dispatch.Routing.Pipeline;

namespace Dispatch.Routing.Tests.Pipeline;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData("", TextKind.Plain)]
    [InlineData("1.234,56 kr.", TextKind.Plain)]
    [InlineData("Søren Ærø Åkjær ŁŠŽ", TextKind.Plain)]
    [InlineData("a\u00A0b", TextKind.Plain)]
    [InlineData("line\nbreak", TextKind.Unusual)]
    [InlineData("tab\there", TextKind.Unusual)]
    [InlineData("中", TextKind.Unusual)]
    [InlineData("A\u030Arhus", TextKind.Unusual)]
    [InlineData("\u0000", TextKind.Forbidden)]
    [InlineData("bell\u0007", TextKind.Forbidden)]
    [InlineData("esc\u001B[0m", TextKind.Forbidden)]
    [InlineData("\u007F", TextKind.Forbidden)]
    [InlineData("\u0085", TextKind.Forbidden)]
    [InlineData("\u2028", TextKind.Forbidden)]
    [InlineData("\u2029", TextKind.Forbidden)]
    [InlineData("zero\u200Bwidth", TextKind.Forbidden)]
    [InlineData("\u202Eright to left", TextKind.Forbidden)]
    [InlineData("\uFEFFmark", TextKind.Forbidden)]
    [InlineData("\uFFFE", TextKind.Forbidden)]
    public void Classify_Value_TellsItsKind(string value, TextKind expected) =>
        Assert.Equal(expected, ValueText.Classify(Encoding.UTF8.GetBytes(value), out _));

    [Theory]
    [InlineData(20, "\n", TextKind.Unusual)]
    [InlineData(21, "\n", TextKind.Forbidden)]
    [InlineData(20, "\r\n", TextKind.Unusual)]
    [InlineData(21, "\r", TextKind.Forbidden)]
    [InlineData(8, "\u0301", TextKind.Unusual)]
    [InlineData(9, "\u0301", TextKind.Forbidden)]
    public void Classify_ManyOfOneKind_IsBounded(int count, string text, TextKind expected) => Assert.Equal(
        expected,
        ValueText.Classify(Encoding.UTF8.GetBytes("a" + string.Concat(Enumerable.Repeat(text, count))), out _));

    [Theory]
    [InlineData("Åse Ærøe", true, 0)]
    [InlineData("", true, 0)]
    [InlineData("a\u202Eb", false, 0x202E)]
    [InlineData("a\u200Db", false, 0x200D)]
    [InlineData("a\nb", false, '\n')]
    [InlineData("a\r", false, '\r')]
    public void IsLine_RegisterValue_HasNoForbiddenCharacterOrLineBreak(string value, bool expected, int codePoint)
    {
        Assert.Equal(expected, ValueText.IsLine(Encoding.UTF8.GetBytes(value), out var found));
        Assert.Equal(codePoint, found);
    }

    [Fact]
    public void Classify_ForbiddenCharacter_NamesIt()
    {
        ValueText.Classify("ok \u0007"u8, out var found);

        Assert.Equal(7, found);
    }
}
