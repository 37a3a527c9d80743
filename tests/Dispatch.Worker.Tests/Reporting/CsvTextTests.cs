using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Tests.Reporting;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Ærø 12", "Ærø 12")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" kept ", "\" kept \"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+45", "'+45")]
    [InlineData("-3", "'-3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠1", "'＠1")]
    [InlineData("=a;b", "\"'=a;b\"")]
    [InlineData("a=b", "a=b")]
    public void Field_Value_IsQuotedAndDisarmed(string value, string expected) =>
        Assert.Equal(expected, CsvText.Field(value));
}
