using System.Text;
using Dispatch.System.Tests.Oracle.World;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>What <see cref="CanaryTests"/> finds nothing of, it would find.</summary>
public sealed class CanaryFormTests
{
    const string NameWord = "Sølvmejse";
    const string StreetWord = "Tjørnesangervænget";

    readonly MadeUpNumbers _numbers = new();

    [Theory]
    [InlineData("plain")]
    [InlineData("json")]
    [InlineData("utf-16")]
    [InlineData("hex")]
    [InlineData("base64")]
    [InlineData("base64, second byte")]
    [InlineData("base64, third byte")]
    public void IsIn_AnyFormAmongOtherBytes_FindsIt(string form)
    {
        var text = $"sv {NameWord} af";
        var bytes = form switch
        {
            "json" => Encoding.UTF8.GetBytes("\"s S\\u00F8lvmejse\""),
            "utf-16" => Encoding.Unicode.GetBytes(text),
            "hex" => Encoding.ASCII.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(text))),
            "base64" => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
            "base64, second byte" =>
                Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes("a" + text))),
            "base64, third byte" =>
                Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes("ab" + text))),
            _ => Encoding.UTF8.GetBytes(text),
        };

        Assert.True(Canary.Word(NameWord).IsIn(bytes));
        Assert.False(Canary.Word(StreetWord).IsIn(bytes));
    }

    [Fact]
    public void IsIn_NumberInAnyForm_FindsIt()
    {
        var cpr = _numbers.Cpr(AgeEdges.Adult);
        var canary = Canary.Number(cpr);

        Assert.True(canary.IsIn(Encoding.UTF8.GetBytes($"no {cpr} in")));
        Assert.True(canary.IsIn(Encoding.UTF8.GetBytes($"no {cpr[..6]}-{cpr[6..]} in")));
        Assert.False(canary.IsIn(Encoding.UTF8.GetBytes(_numbers.Cpr(AgeEdges.Adult))));
    }
}
