using Dispatch.Worker.Country;

namespace Dispatch.Worker.Tests.Country;

public sealed class RowFileTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(0, "0,00")]
    [InlineData(7, "0,07")]
    [InlineData(-99, "-0,99")]
    [InlineData(100, "1,00")]
    [InlineData(99_999, "999,99")]
    [InlineData(100_000, "1.000,00")]
    [InlineData(-123_456_789, "-1.234.567,89")]
    public void Money_Amount_IsGroupedTheDanishWay(long oere, string expected)
    {
        using (var file = new RowFile(_path, "h"u8, rows => { }, CancellationToken.None))
        {
            file.Money(oere);
            file.EndRow();
            file.Flush();
        }

        Assert.Equal($"h\n{expected}\n", File.ReadAllText(_path));
    }

    public void Dispose() => File.Delete(_path);
}
