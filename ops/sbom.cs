// Writes the bill of materials of the program: what is in it, under which licence, from which bytes.
//   dotnet run ops/sbom.cs -- OUT.json
// CycloneDX 1.6, made of src/Dispatch.Worker/packages.lock.json and the restored packages; the same lock file gives the
// same bytes.
#:property RestorePackagesWithLockFile=false
#:property RestoreLockedMode=false
#:property PublishAot=false

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

if (args is not [var target])
{
    Console.Error.WriteLine(
        "sbom: expected one argument, the file to write; for instance: dotnet run ops/sbom.cs -- sbom.json");
    return 2;
}

// dotnet run tells a program of one file where that file lies.
var root = Path.GetDirectoryName((string)AppContext.GetData("EntryPointFileDirectoryPath")!)!;

var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
var lockFile = File.ReadAllBytes(Path.Combine(root, "src", "Dispatch.Worker", "packages.lock.json"));
var locked = JsonNode.Parse(lockFile)!["dependencies"]!["net10.0"]!.AsObject();
var components = new JsonArray();
var dependencies = new JsonArray();
foreach (var (name, entry) in locked.OrderBy(package => package.Key, StringComparer.Ordinal))
{
    var version = (string?)entry!["resolved"];
    var reference = ReferenceOf(name, version);
    var dependsOn = (entry["dependencies"]?.AsObject() ?? [])
        .Select(needed => FindKey(needed.Key)).Order(StringComparer.Ordinal)
        .Select(key => (JsonNode)ReferenceOf(key, (string?)locked[key]!["resolved"])).ToArray();
    dependencies.Add(new JsonObject { ["ref"] = reference, ["dependsOn"] = new JsonArray(dependsOn) });
    components.Add(
        version is null ? Project(name, reference) : Package(name, version, reference, (string)entry["contentHash"]!));
}

var serial = SHA256.HashData(lockFile).AsSpan(0, 16).ToArray();
serial[6] = (byte)((serial[6] & 0x0F) | 0x80);   // UUID version 8: made of a hash of our own
serial[8] = (byte)((serial[8] & 0x3F) | 0x80);
var bill = new JsonObject
{
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["serialNumber"] = $"urn:uuid:{new Guid(serial, bigEndian: true)}",
    ["version"] = 1,
    ["metadata"] = new JsonObject { ["component"] = Project("dispatch", "dispatch") },
    ["components"] = components,
    ["dependencies"] = dependencies,
};
File.WriteAllText(target, bill.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
return 0;

static string ReferenceOf(string name, string? version) => version is null ? name : $"pkg:nuget/{name}@{version}";

string FindKey(string name) =>
    locked.Select(package => package.Key).First(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));

static JsonObject Project(string name, string reference) => new()
{
    ["type"] = name == "dispatch" ? "application" : "library",
    ["bom-ref"] = reference,
    ["name"] = name,
    ["licenses"] = Licences("Apache-2.0"),
};

JsonObject Package(string name, string version, string reference, string contentHash)
{
    var id = name.ToLowerInvariant();
    var manifest = XDocument.Load(Path.Combine(packages, id, version, $"{id}.nuspec"));
    var licence = manifest.Descendants().FirstOrDefault(element => element.Name.LocalName == "license")?.Value
        ?? throw new InvalidOperationException($"package {name} {version} states no licence expression");
    return new()
    {
        ["type"] = "library",
        ["bom-ref"] = reference,
        ["name"] = name,
        ["version"] = version,
        ["purl"] = reference,
        ["licenses"] = Licences(licence),
        ["hashes"] = new JsonArray(new JsonObject
        {
            ["alg"] = "SHA-512",
            ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(contentHash)),
        }),
    };
}

static JsonArray Licences(string expression) => [new JsonObject { ["expression"] = expression }];
