using System.Text;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Tests.Identity;

public sealed class CprNumberTests
{
    static readonly int Today = BirthDay.From(new DateOnly(2026, 11, 22));

    [Theory]
    [InlineData("0202801003", Reason.None)]
    [InlineData("020280-1003", Reason.None)]
    [InlineData("", Reason.CprLength)]
    [InlineData("020280100", Reason.CprLength)]
    [InlineData("02028010033", Reason.CprLength)]
    [InlineData("020280-100", Reason.CprLength)]
    [InlineData("020280-10033", Reason.CprLength)]
    [InlineData("0202801O03", Reason.CprChars)]
    [InlineData("020280 1003", Reason.CprChars)]
    [InlineData("0202-801003", Reason.CprChars)]
    [InlineData("020280\u20131003", Reason.CprChars)]
    [InlineData("1,01E+09", Reason.CprChars)]
    [InlineData("6202801003", Reason.CprReplacement)]
    [InlineData("9112801003", Reason.CprReplacement)]
    [InlineData("9212801003", Reason.CprDate)]
    [InlineData("0002801003", Reason.CprDate)]
    [InlineData("3202801003", Reason.CprDate)]
    [InlineData("0213801003", Reason.CprDate)]
    [InlineData("0200801003", Reason.CprDate)]
    [InlineData("3002801003", Reason.CprDate)]
    [InlineData("2902811003", Reason.CprDate)]
    [InlineData("0000000000", Reason.CprDate)]
    [InlineData("9999999999", Reason.CprDate)]
    [InlineData("2311264003", Reason.CprDateFuture)]
    [InlineData("2211264004", Reason.None)]
    public void Parse_OneNumber_TellsTheFirstFault(string text, Reason expected) =>
        Assert.Equal(expected, CprNumber.Parse(Encoding.UTF8.GetBytes(text), Today, out _));

    [Theory]
    [InlineData(0, 36, 1936)]
    [InlineData(3, 99, 1999)]
    [InlineData(4, 36, 2036)]
    [InlineData(4, 37, 1937)]
    [InlineData(9, 36, 2036)]
    [InlineData(9, 37, 1937)]
    [InlineData(5, 57, 2057)]
    [InlineData(5, 58, 1858)]
    [InlineData(8, 0, 2000)]
    [InlineData(8, 99, 1899)]
    public void FullYear_SeventhDigit_TellsTheCentury(int seventh, int year, int expected) =>
        Assert.Equal(expected, CprNumber.FullYear(year, seventh));

    [Fact]
    public void Parse_WithAndWithoutHyphen_IsOneNumber()
    {
        CprNumber.Parse("020280-1003"u8, Today, out var hyphen);
        CprNumber.Parse("0202801003"u8, Today, out var plain);

        Assert.Equal(plain, hyphen);
        Assert.Equal(202801003u, plain.Value);
    }

    [Fact]
    public void ToString_AnyNumber_IsMasked() => Assert.DoesNotContain("0202801003", $"{new CprNumber(202801003)}");
}
