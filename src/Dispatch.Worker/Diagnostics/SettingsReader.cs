using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Dispatch.Routing;
using Microsoft.Extensions.Configuration;

namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// Reads <see cref="DispatchSettings"/> from, later wins: <c>appsettings.json</c> beside the program,
/// <c>DATA/dispatch.json</c>, environment <c>DISPATCH_Section__Key</c>, command line <c>--set Section:Key=value</c>.
/// A key that no setting has is a fault, so that a misspelt one is not ignored; all faults are told at once.
/// </summary>
static class SettingsReader
{
    const string EnvironmentPrefix = "DISPATCH_";
    const int FileBytesMax = 1 << 20;
    const string CommandLine = "the command line";

    static readonly JsonDocumentOptions JsonOptions = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <param name="programFolder">Where <c>appsettings.json</c> may be.</param>
    /// <param name="assignments">The values of <c>--set</c>.</param>
    /// <exception cref="DispatchException"><c>settings.invalid</c>, exit 78.</exception>
    public static DispatchSettings Read(
        string programFolder, string dataFolder, IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> assignments)
    {
        var faults = new List<string>();
        var sources = new List<(string Name, IConfigurationRoot Values)>();
        AddFile(Path.Combine(programFolder, "appsettings.json"), sources, faults);
        AddFile(Path.Combine(dataFolder, "dispatch.json"), sources, faults);
        AddEnvironment(environment, sources, faults);
        AddAssignments(assignments, sources, faults);

        foreach (var (name, values) in sources)
        {
            CheckKeys(values, typeof(DispatchSettings), name, faults);
        }

        ThrowIfAny(faults);
        var builder = new ConfigurationBuilder();
        foreach (var (_, values) in sources)
        {
            builder.AddConfiguration(values);
        }

        var settings = builder.Build().Get<DispatchSettings>() ?? new DispatchSettings();
        CheckRanges(settings, "", faults);
        ThrowIfAny(faults);
        return settings with { DataFolder = Path.GetFullPath(dataFolder) };
    }

    static void AddFile(string path, List<(string Name, IConfigurationRoot Values)> sources, List<string> faults)
    {
        try
        {
            if (OperatorFile.Read(path, FileBytesMax) is not var (bytes, _))
            {
                return;
            }

            // A section that stands twice would be merged by the configuration's own reader.
            using (JsonDocument.Parse(bytes, JsonOptions))
            {
            }

            using var stream = new MemoryStream(bytes);
            sources.Add((path, new ConfigurationBuilder().AddJsonStream(stream).Build()));
        }
        catch (IOException e)
        {
            faults.Add($"{path} {e.Message}");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            // The parser's own message may quote a value, and a value may be a password.
            var line = e is JsonException { LineNumber: { } number }
                ? string.Create(CultureInfo.InvariantCulture, $" line {number + 1}")
                : "";
            faults.Add(e.Message.Contains("duplicate", StringComparison.OrdinalIgnoreCase)
                ? $"a key stands twice in {path}{line}"
                : $"{path}{line} is not a JSON object");
        }
    }

    // Names without a section, such as DISPATCH_DATA, are not settings; nor are the DISPATCH_PORT_… of a container
    // host.
    static void AddEnvironment(
        IReadOnlyDictionary<string, string> environment, List<(string Name, IConfigurationRoot Values)> sources,
        List<string> faults)
    {
        foreach (var same in environment.Keys.Where(IsSetting).GroupBy(k => k, StringComparer.OrdinalIgnoreCase))
        {
            var name = same.First();
            if (same.Skip(1).Any())
            {
                faults.Add($"environment variable '{name}' is given twice in different case");
                continue;
            }

            var key = name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            sources.Add(($"environment variable {name}", Single(key, environment[name])));
        }
    }

    static bool IsSetting(string name) =>
        name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)
        && name.AsSpan(EnvironmentPrefix.Length).IndexOf("__") > 0;

    static void AddAssignments(
        IReadOnlyList<string> assignments, List<(string Name, IConfigurationRoot Values)> sources, List<string> faults)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var assignment in assignments)
        {
            var mark = assignment.IndexOf('=', StringComparison.Ordinal);
            if (mark <= 0)
            {
                faults.Add("--set was given without 'Section:Key=value'");
            }
            else if (!seen.Add(assignment[..mark]))
            {
                faults.Add($"'{assignment[..mark]}' is set twice on {CommandLine}");
            }
            else if (HoldsPassword(assignment[..mark], assignment[(mark + 1)..]))
            {
                faults.Add($"'{assignment[..mark]}' on {CommandLine} holds a password, which everybody on the machine can "
                    + "read there; expected it in the environment or in dispatch.json");
            }
            else
            {
                sources.Add((CommandLine, Single(assignment[..mark], assignment[(mark + 1)..])));
            }
        }
    }

    static bool HoldsPassword(string key, string value) =>
        key.Equals("Database:ConnectionString", StringComparison.OrdinalIgnoreCase)
        && (value.Contains("password", StringComparison.OrdinalIgnoreCase)
            || value.Contains("pwd", StringComparison.OrdinalIgnoreCase));

    static IConfigurationRoot Single(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

    static void CheckKeys(IConfiguration section, Type type, string source, List<string> faults)
    {
        foreach (var child in section.GetChildren())
        {
            var property = FindProperty(type, child.Key);
            if (property is not null && NamedSections(property.PropertyType) is { } named)
            {
                CheckNames(child, named, property, source, faults);
            }
            else if (property is null)
            {
                faults.Add($"unknown setting '{child.Path}' in {source}");
            }
            else if (IsSection(property.PropertyType))
            {
                if (child.Value is { Length: > 0 })
                {
                    faults.Add($"'{child.Path}' in {source} is a section, but has a value");
                }

                CheckKeys(child, property.PropertyType, source, faults);
            }
            else if (IsList(property.PropertyType) ? child.Value is { Length: > 0 } : !CanConvert(child, property.PropertyType))
            {
                faults.Add($"'{child.Path}' in {source} is not {Describe(property.PropertyType)}");
            }
        }
    }

    // Sections an operator gives names to.
    static void CheckNames(
        IConfigurationSection section, Type named, PropertyInfo property, string source, List<string> faults)
    {
        var form = property.GetCustomAttribute<RegularExpressionAttribute>()!;
        if (section.Value is { Length: > 0 })
        {
            faults.Add($"'{section.Path}' in {source} is a section, but has a value");
        }

        foreach (var entry in section.GetChildren())
        {
            if (!form.IsValid(entry.Key))
            {
                faults.Add($"a name below '{section.Path}' in {source} must be {Expectation(form)}");
            }
            else if (entry.Value is { Length: > 0 })
            {
                faults.Add($"'{entry.Path}' in {source} is a section, but has a value");
            }

            CheckKeys(entry, named, source, faults);
        }
    }

    /// <summary>What the sections of a dictionary are; null for any other property.</summary>
    static Type? NamedSections(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            ? type.GetGenericArguments()[1]
            : null;

    static PropertyInfo? FindProperty(Type type, string key) =>
        type.GetProperties().FirstOrDefault(p => p.CanWrite && p.Name.Equals(key, StringComparison.OrdinalIgnoreCase)
            && p.Name != nameof(DispatchSettings.DataFolder));

    static bool IsSection(Type type) => type.IsClass && type.Assembly != typeof(string).Assembly;

    static bool IsList(Type type) => type == typeof(IReadOnlyList<string>);

    static bool CanConvert(IConfigurationSection value, Type type)
    {
        try
        {
            return value.Value is { } text && !value.GetChildren().Any()
                && TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    static string Describe(Type type) => type switch
    {
        _ when type == typeof(int) || type == typeof(long) => "a whole number in range",
        _ when type == typeof(bool) => "true or false",
        _ when IsList(type) => "a list",
        _ when type == typeof(TimeSpan) => "a time such as 00:05:00",
        _ => "one value",
    };

    static void CheckRanges(object settings, string path, List<string> faults)
    {
        foreach (var property in settings.GetType().GetProperties())
        {
            var name = path + property.Name;
            var value = property.GetValue(settings);
            if (value is IReadOnlyDictionary<string, PrintHouseSettings> houses)
            {
                foreach (var (key, house) in houses)
                {
                    CheckRanges(house, $"{name}:{key}:", faults);
                }

                continue;
            }

            if (value is not null && IsSection(property.PropertyType))
            {
                CheckRanges(value, name + ":", faults);
                continue;
            }

            faults.AddRange(property.GetCustomAttributes<ValidationAttribute>()
                .Where(a => !a.IsValid(value)).Select(a => $"'{name}' must be {Expectation(a)}"));
        }
    }

    static string Expectation(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute range => string.Create(
            CultureInfo.InvariantCulture, $"between {range.Minimum} and {range.Maximum}"),
        AllowedItemsAttribute allowed => "a list of " + string.Join(", ", allowed.Items),
        AllowedValuesAttribute allowed => "one of " + string.Join(", ", allowed.Values),
        RegularExpressionAttribute form => form.ErrorMessage ?? throw new InvalidOperationException("no words for it"),
        _ => "different",
    };

    static void ThrowIfAny(List<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new DispatchException(
                "settings.invalid", string.Join("; ", faults) + "; see docs/configuration.md", ExitCode.Configuration);
        }
    }
}
