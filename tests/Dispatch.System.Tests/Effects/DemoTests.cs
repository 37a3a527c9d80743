using System.Text.Json;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Effects;

/// <summary>A newcomer's first command.</summary>
public sealed class DemoTests
{
    const int People = 300;

    [Fact]
    public async Task Demo_SmallCountry_BalancesAndLeavesAnothersRegisterAlone()
    {
        var site = new Site("demo");
        var report = (await DemoAsync(site)).Expect(0).Json;

        Assert.Equal("completed", report.GetProperty("job").GetProperty("state").GetString());
        Assert.True(report.GetProperty("balanced").GetBoolean());
        Assert.InRange(report.GetProperty("rows").GetInt32(), People * 8 / 10, People);
        Assert.Equal(report.ToString(), (await DemoAsync(site)).Expect(0).Json.ToString());

        // The register of an authority, in what was a demo's data folder.
        var samples = Path.Combine(TestFolder.Repository, "samples");
        (await site.RunAsync("register", "import", Path.Combine(samples, "register"))).Expect(0);
        (await DemoAsync(site)).ExpectError(2, "demo.register");
        var plan = (await site.RunAsync("plan", Path.Combine(samples, "tax-statement"), "--json")).Expect(0).Json;
        Assert.True(plan.GetProperty("digital").GetInt32() > plan.GetProperty("refused").GetInt32());
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("waitsFor").ValueKind);
        await site.CloseAsync();
    }

    static Task<CommandResult> DemoAsync(Site site) =>
        site.RunAsync("demo", "--people", $"{People}", "--seed", "1", "--json", "--quiet");
}
