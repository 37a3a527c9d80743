using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dispatch.Structure.Tests;

/// <summary>Worker → PrintExport → Routing, and in Worker no slice knows another one.</summary>
public sealed class DependencyTests
{
    /// <summary>What every slice may use; the order is the order in which these may use each other.</summary>
    static readonly string[] Ground = ["Diagnostics", "Security", "Database"];

    [Fact]
    public void Routing_Project_ReferencesNothing() =>
        Repository.ExpectNone(References("src/Dispatch.Routing/Dispatch.Routing.csproj"));

    [Fact]
    public void PrintExport_Project_ReferencesRoutingOnly() =>
        Assert.Equal(
            ["Dispatch.Routing.csproj"],
            References("src/Dispatch.PrintExport/Dispatch.PrintExport.csproj").Where(
                r => r.EndsWith(".csproj", StringComparison.Ordinal)));

    [Fact]
    public void PrintExport_Sources_KnowNoDatabase() =>
        Assert.DoesNotContain(
            Repository.Find("src/Dispatch.PrintExport", "*.cs"),
            f => Repository.Text(f).Contains("Npgsql", StringComparison.Ordinal));

    [Fact]
    public void Slices_Sources_UseTheGroundOnly()
    {
        var faults = new List<string>();
        var slices = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src/Dispatch.Worker"))
            .Select(d => Path.GetFileName(d)!).ToList();
        foreach (var file in Repository.Find("src/Dispatch.Worker", "*.cs"))
        {
            var slice = file.Split('/')[2];
            if (slice is "Commands" or "Program.cs")
            {
                continue;
            }

            var allowed = Ground.TakeWhile(g => g != slice).Append(slice).ToHashSet();
            var used = Regex.Matches(Repository.Text(file), @"\bDispatch\.Worker\.(\w+)")
                .Select(m => m.Groups[1].Value);
            faults.AddRange(
                used.Distinct().Where(u => slices.Contains(u) && !allowed.Contains(u)).Select(u => $"{file} uses {u}"));
        }

        Repository.ExpectNone(faults);
    }

    static List<string> References(string project)
    {
        var items = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants()
            .Where(e => e.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference");
        return [.. items.Select(e => Path.GetFileName(e.Attribute("Include")!.Value))];
    }
}
