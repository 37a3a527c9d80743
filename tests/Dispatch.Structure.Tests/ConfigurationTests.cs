using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Structure.Tests;

/// <summary><c>docs/configuration.md</c> has a line for every setting, with its default and its range.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void Document_Settings_AreThoseOfTheClasses()
    {
        var documented = Regex
            .Matches(
                Repository.Text("docs/configuration.md"),
                @"^\| `(\w+(?::\w+)+)` \| ([^|]*) \| ([^|]*) \|",
                RegexOptions.Multiline)
            .Select(m => $"{m.Groups[1].Value} | {m.Groups[2].Value.Trim()} | {m.Groups[3].Value.Trim()}");

        var actual = Describe(new DispatchSettings(), "").ToList();

        Assert.True(actual.Count > 10);
        Assert.Equal(actual.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    static IEnumerable<string> Describe(object section, string path)
    {
        var properties = section.GetType().GetProperties()
            .Where(p => p.CanWrite && p.Name != nameof(DispatchSettings.DataFolder));
        foreach (var property in properties)
        {
            var value = property.GetValue(section)!;
            if (value is IReadOnlyDictionary<string, PrintHouseSettings>)
            {
                foreach (var line in Describe(new PrintHouseSettings(), $"{path}{property.Name}:NAME:"))
                {
                    yield return line;
                }
            }
            else if (!property.PropertyType.IsEnum
                && property.PropertyType.Namespace!.StartsWith("Dispatch", StringComparison.Ordinal))
            {
                foreach (var line in Describe(value, $"{path}{property.Name}:"))
                {
                    yield return line;
                }
            }
            else
            {
                yield return $"{path}{property.Name} | {Default(value)} | {Range(property)}";
            }
        }
    }

    static string Default(object value) => value switch
    {
        "" => "empty",
        string text => $"`{text}`",
        IEnumerable => "empty",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    static string Range(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} … {range.Maximum}")
            : property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed ? string.Join(", ", allowed.Values)
            : property.GetCustomAttribute<AllowedItemsAttribute>() is { } items ? string.Join(", ", items.Items)
            : property.GetCustomAttribute<RegularExpressionAttribute>() is { } form ? $"`{form.Pattern}`"
            : "";
}
