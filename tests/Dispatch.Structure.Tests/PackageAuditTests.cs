using System.Xml.Linq;

namespace Dispatch.Structure.Tests;

/// <summary>Where the feed knows of vulnerabilities, restoring fails on every package that has one, the packages of
/// packages included.</summary>
public sealed class PackageAuditTests
{
    static readonly string[] Codes = ["NU1901", "NU1902", "NU1903", "NU1904"];

    [Fact]
    public void Build_KnownVulnerability_IsAnError()
    {
        var properties = Properties("Directory.Build.props").ToLookup(p => p.Name.LocalName, p => p.Value);

        Assert.Equal(["true"], properties["NuGetAudit"]);
        Assert.Equal(["all"], properties["NuGetAuditMode"]);
        Assert.Equal(["low"], properties["NuGetAuditLevel"]);
        Assert.Equal(["true"], properties["TreatWarningsAsErrors"]);
    }

    [Fact]
    public void Build_NoFile_LetsOnePass() => Repository.ExpectNone(
        from file in Repository.Find("", "*.csproj").Concat(Repository.Find("", "*.props"))
        from property in Properties(file)
        where Codes.Any(code => property.Value.Contains(code, StringComparison.Ordinal))
            || (property.Name.LocalName.StartsWith("NuGetAudit", StringComparison.Ordinal)
                && file != "Directory.Build.props")
        select $"{file}: {property.Name.LocalName}");

    static IEnumerable<XElement> Properties(string file) =>
        XDocument.Load(Path.Combine(Repository.Root, file)).Descendants()
            .Where(element => element.Name.LocalName == "PropertyGroup").Elements()
            .Concat(XDocument.Load(Path.Combine(Repository.Root, file)).Descendants()
                .Where(element => element.Name.LocalName == "NuGetAuditSuppress"));
}
