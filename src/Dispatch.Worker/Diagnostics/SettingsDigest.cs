using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// What the trail keeps of a configuration: a hash over all settings, and the names of those that are not as they come.
/// Of settings that may hold a secret only whether they are set goes into the hash.
/// </summary>
static class SettingsDigest
{
    const int HashDigits = 16;

    static readonly string[] Secret = ["Database:ConnectionString", "Security:KeyCommand"];

    public static string Of(DispatchSettings settings)
    {
        var all = Flatten(settings, "").ToList();
        var defaults = Flatten(new DispatchSettings(), "").ToHashSet();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all)));
        var changed = all.Where(setting => !defaults.Contains(setting)).Select(setting => setting.Name).ToList();
        return $"sha256 {Convert.ToHexStringLower(hash)[..HashDigits]}; "
            + (changed.Count == 0 ? "all as they come" : $"set: {string.Join(", ", changed)}");
    }

    static IEnumerable<(string Name, string Value)> Flatten(object section, string path)
    {
        foreach (var property in section.GetType().GetProperties()
            .Where(property => property.CanWrite && property.Name != nameof(DispatchSettings.DataFolder))
            .OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            var (name, value) = (path + property.Name, property.GetValue(section)!);
            if (value is IReadOnlyDictionary<string, PrintHouseSettings> houses)
            {
                foreach (var setting in houses.OrderBy(house => house.Key, StringComparer.Ordinal)
                    .SelectMany(house => Flatten(house.Value, $"{name}:{house.Key}:")))
                {
                    yield return setting;
                }
            }
            else if (property.PropertyType.IsClass && property.PropertyType.Assembly != typeof(string).Assembly)
            {
                foreach (var setting in Flatten(value, name + ":"))
                {
                    yield return setting;
                }
            }
            else
            {
                var text = Text(value);
                yield return (name, Secret.Contains(name) && text.Length > 0 ? "set" : text);
            }
        }
    }

    static string Text(object value) => value is IEnumerable<string> list && value is not string
        ? string.Join('\n', list)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
