using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Dispatch.Worker.Database;

/// <summary>One numbered SQL file of <c>Database/Migrations</c>.</summary>
sealed partial record MigrationScript(int Version, string Name, string Sql, byte[] Sha256)
{
    /// <summary>All of them, by version; versions are 1, 2, 3 … without a gap.</summary>
    public static IReadOnlyList<MigrationScript> All { get; } = Load();

    public static MigrationScript Create(int version, string name, string sql) =>
        new(version, name, sql, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sql)));

    static List<MigrationScript> Load()
    {
        var assembly = typeof(MigrationScript).Assembly;
        var scripts = new List<MigrationScript>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (ResourcePattern().Match(resource) is { Success: true } match)
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                var version = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
                scripts.Add(Create(version, match.Groups[2].Value, reader.ReadToEnd()));
            }
        }

        scripts.Sort((a, b) => a.Version.CompareTo(b.Version));
        return scripts;
    }

    [GeneratedRegex(@"\.Migrations\.(\d{4})_(\w+)\.sql$", RegexOptions.NonBacktracking)]
    private static partial Regex ResourcePattern();
}
