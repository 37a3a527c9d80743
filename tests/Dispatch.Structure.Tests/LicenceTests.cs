using System.Text.Json;
using System.Xml.Linq;

namespace Dispatch.Structure.Tests;

/// <summary>Everything that is restored, for the program, its tests and its measurements, is free to use for an
/// authority and asks nothing back.</summary>
public sealed class LicenceTests
{
    static readonly string[] Allowed =
        ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MS-PL OR Apache-2.0", "PostgreSQL"];

    // Their packages state no expression; their licence files were read.
    static readonly Dictionary<string, string> ReadByHand = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CommandLineParser"] = "MIT",
        ["Microsoft.DotNet.PlatformAbstractions"] = "MIT",
        ["xunit.abstractions"] = "Apache-2.0",
    };

    [Fact]
    public void Packages_InAnyLockFile_HaveAnAllowedLicence()
    {
        var packages = Repository.Find("", "packages.lock.json").SelectMany(Locked).Distinct().ToList();
        Assert.True(packages.Count > 30, $"{packages.Count} packages found");

        Repository.ExpectNone(packages
            .Select(package => (package, Licence: LicenceOf(package.Name, package.Version)))
            .Where(found => !Allowed.Contains(found.Licence))
            .Select(found => $"{found.package.Name} {found.package.Version}: {found.Licence}"));
    }

    static IEnumerable<(string Name, string Version)> Locked(string file)
    {
        using var json = JsonDocument.Parse(Repository.Text(file));
        return [.. json.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("resolved", out _))
            .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!))];
    }

    static string LicenceOf(string name, string version)
    {
        if (ReadByHand.TryGetValue(name, out var licence))
        {
            return licence;
        }

        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var id = name.ToLowerInvariant();
        var stated = XDocument.Load(Path.Combine(packages, id, version, $"{id}.nuspec"))
            .Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return stated?.Attribute("type")?.Value == "expression" ? stated.Value : "states no licence expression";
    }
}
