using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// Reads the keys of one JSON object and writes down every fault instead of stopping at the first. A key that is not
/// there, or null where null means "not said", gives the default.
/// </summary>
sealed partial class JsonFields
{
    readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    readonly string _path;
    readonly List<(string Code, string Text)> _faults;

    /// <param name="path">Where the object stands, such as <c>$.paper</c>.</param>
    /// <param name="known">Every key the object may have.</param>
    public JsonFields(JsonElement value, string path, List<(string Code, string Text)> faults, params string[] known)
    {
        (_path, _faults) = (path, faults);
        foreach (var property in value.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal))
            {
                faults.Add(("job.unknown_key", $"{path} holds {Shown(property.Name, "key")}, expected {OneOf(known)}"));
            }
            else if (!_values.TryAdd(property.Name, property.Value))
            {
                faults.Add(("job.duplicate_key", $"{path}.{property.Name} stands there twice, expected once"));
            }
        }
    }

    /// <summary>The object under a key; null when it is not there or no object.</summary>
    public JsonFields? Object(string key, bool isRequired, params string[] known)
    {
        if (!TryGet(key, isRequired, JsonValueKind.Object, "an object", out var value))
        {
            return null;
        }

        return new(value, $"{_path}.{key}", _faults, known);
    }

    /// <summary>Text that fits a pattern whole.</summary>
    /// <param name="expected">The rule in words, for the message.</param>
    /// <param name="charsMax">Code points, as JSON Schema counts them.</param>
    public string? Text(string key, bool isRequired, Regex pattern, string expected, int charsMax = int.MaxValue)
    {
        if (!TryGet(key, isRequired, JsonValueKind.String, expected, out var value))
        {
            return null;
        }

        var text = value.GetString()!;
        if (pattern.IsMatch(text) && text.EnumerateRunes().Count() <= charsMax)
        {
            return text;
        }

        AddWrong($"{_path}.{key}", Shown(text, "text"), expected);
        return null;
    }

    /// <summary>One of a few words; the fallback when the key is not there.</summary>
    public string Choice(string key, string? fallback, params string[] choices)
    {
        if (TryGet(key, fallback is null, JsonValueKind.String, OneOf(choices), out var value))
        {
            var text = value.GetString()!;
            if (choices.Contains(text, StringComparer.Ordinal))
            {
                return text;
            }

            AddWrong($"{_path}.{key}", Shown(text, "text"), OneOf(choices));
        }

        return fallback ?? "";
    }

    public bool Flag(string key, bool fallback)
    {
        if (!_values.TryGetValue(key, out var value))
        {
            return fallback;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        AddWrong($"{_path}.{key}", Kind(value), "true or false");
        return fallback;
    }

    public decimal Share(string key, decimal fallback)
    {
        if (!TryGet(key, false, JsonValueKind.Number, "a number from 0 to 1", out var value))
        {
            return fallback;
        }

        if (value.TryGetDecimal(out var share) && share is >= 0 and <= 1)
        {
            return share;
        }

        AddWrong($"{_path}.{key}", $"'{value.GetRawText()}'", "a number from 0 to 1");
        return fallback;
    }

    /// <summary>A count of at least one; null = not said.</summary>
    public int? Count(string key, bool isRequired = false)
    {
        var expected = $"a whole number from 1 to 2147483647{(isRequired ? "" : ", or null")}";
        if ((!isRequired && IsNull(key)) || !TryGet(key, isRequired, JsonValueKind.Number, expected, out var value))
        {
            return null;
        }

        if (value.TryGetInt32(out var count) && count > 0)
        {
            return count;
        }

        AddWrong($"{_path}.{key}", "another number", expected);
        return null;
    }

    /// <summary>Like <see cref="Text"/>, but null means "not said".</summary>
    public string? TextOrNull(string key, Regex pattern, string expected) =>
        IsNull(key) ? null : Text(key, false, pattern, expected);

    public List<string> Lines(string key, int linesMax, Regex pattern, int charsMax, string expected)
    {
        var lines = new List<string>();
        if (!TryGet(key, true, JsonValueKind.Array, expected, out var value))
        {
            return lines;
        }

        if (value.GetArrayLength() is var count && (count < 1 || count > linesMax))
        {
            AddWrong($"{_path}.{key}", $"{count} lines", expected);
            return lines;
        }

        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { } line
                && pattern.IsMatch(line) && line.EnumerateRunes().Count() <= charsMax)
            {
                lines.Add(line);
            }
            else
            {
                AddWrong($"{_path}.{key}", "a line that is empty, too long or no text", expected);
            }
        }

        return lines;
    }

    public void AddWrong(string path, string found, string expected) =>
        _faults.Add(("job.value", $"{path} is {found}, expected {expected}"));

    static string OneOf(string[] choices) => $"one of {string.Join(", ", choices.Select(choice => $"'{choice}'"))}";

    // A value may be anything, a CPR number in the wrong place too: only what looks like a word is shown.
    static string Shown(string text, string noun) => WordPattern().IsMatch(text)
        ? $"the {noun} '{text}'"
        : $"a {noun} of {text.Length} characters";

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    bool IsNull(string key) => _values.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Null;

    bool TryGet(
        string key, bool isRequired, JsonValueKind kind, string expected, [NotNullWhen(true)] out JsonElement value)
    {
        if (!_values.TryGetValue(key, out value))
        {
            if (isRequired)
            {
                AddWrong($"{_path}.{key}", "missing", expected);
            }

            return false;
        }

        if (value.ValueKind != kind)
        {
            AddWrong($"{_path}.{key}", Kind(value), expected);
            return false;
        }

        return true;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z_-]{0,31}\z", RegexOptions.NonBacktracking)]
    private static partial Regex WordPattern();
}
