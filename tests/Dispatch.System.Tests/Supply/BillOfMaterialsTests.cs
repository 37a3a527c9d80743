using System.Text.Json;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Supply;

public sealed class BillOfMaterialsTests : IDisposable
{
    readonly string _folder = TestFolder.Create("sbom");

    public void Dispose() => TestFolder.Remove(_folder);

    [Fact]
    public async Task Bill_PublishedProgram_NamesEveryShippedAssembly()
    {
        var bill = Path.Combine(_folder, "sbom.json");
        var made = await Command.RunAsync(
            "dotnet", ["run", Path.Combine(TestFolder.Repository, "ops/sbom.cs"), "--", bill],
            timeout: TimeSpan.FromMinutes(3));
        Assert.True(made.ExitCode == 0, made.Output + made.Error);

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(bill));
        Assert.Equal("CycloneDX", json.RootElement.GetProperty("bomFormat").GetString());
        var components = json.RootElement.GetProperty("components").EnumerateArray().ToList();
        Assert.All(components, component => Assert.NotEmpty(component.GetProperty("licenses").EnumerateArray()));
        string[] named = [.. components.Select(component => component.GetProperty("name").GetString()!), "dispatch"];
        var shipped = Directory.GetFiles(Path.GetDirectoryName(await PublishedProgram.PathAsync)!, "*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        Assert.True(shipped.Count > 5, $"{shipped.Count} assemblies found");
        Assert.All(shipped, assembly => Assert.Contains(assembly, named, StringComparer.OrdinalIgnoreCase));
    }
}
