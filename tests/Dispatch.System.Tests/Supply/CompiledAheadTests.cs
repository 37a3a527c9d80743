using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Supply;

/// <summary>What is compiled when publishing need not be compiled by every process that is started.</summary>
public sealed class CompiledAheadTests : IDisposable
{
    // 5,700 without the generic types of the framework over our own, 2,900 with them (docs/adr/0010-ready-to-run.md).
    const int CompiledMax = 4_000;

    readonly string _folder = TestFolder.Create("compiled");

    public void Dispose() => TestFolder.Remove(_folder);

    [MachineCodeFact]
    public async Task Run_SmallJob_CompilesFewMethodsItself()
    {
        var compiled = Path.Combine(_folder, "methods.txt");
        var site = new Site("compiled-ahead")
        {
            Variables = new Dictionary<string, string>
            {
                ["DOTNET_JitStdOutFile"] = compiled,
                ["DOTNET_JitDisasmSummary"] = "1",
            },
        };
        var country = Path.Combine(site.Folder, "country");
        (await site.RunAsync("generate", "--people", "1210", "--seed", "1", "--out", country)).Expect(0);
        (await site.RunAsync("register", "import", Path.Combine(country, "register"))).Expect(0);

        File.Delete(compiled);
        (await site.RunAsync("run", Path.Combine(country, "tax-statement"))).Expect(3);
        Assert.InRange(File.ReadLines(compiled).Count(), 1, CompiledMax);
        await site.CloseAsync();
    }
}
