using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>As much of JSON Schema 2020-12 as docs/job.schema.json uses; a keyword it does not know fails the
/// test.</summary>
static class SchemaCheck
{
    public static bool IsValid(JsonObject schema, JsonNode? value) => schema.All(rule => rule.Key switch
    {
        "$schema" or "title" or "description" or "default" => true,
        "type" => IsOfType(rule.Value!, value),
        "enum" => rule.Value!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)),
        "pattern" => value is not JsonValue text || text.GetValueKind() != JsonValueKind.String
            || Regex.IsMatch((string)value!, Whole((string)rule.Value!)),
        "maxLength" => value?.GetValueKind() != JsonValueKind.String || (
            (string)value!).EnumerateRunes().Count() <= (int)rule.Value!,
        "minimum" => value?.GetValueKind() != JsonValueKind.Number || (decimal)value >= (decimal)rule.Value!,
        "maximum" => value?.GetValueKind() != JsonValueKind.Number || (decimal)value <= (decimal)rule.Value!,
        "required" => value is not JsonObject item || rule.Value!.AsArray().All(key => item.ContainsKey((string)key!)),
        "properties" => value is not JsonObject item || rule.Value!.AsObject().All(
            property => !item.ContainsKey(property.Key) || IsValid(property.Value!.AsObject(), item[property.Key])),
        "additionalProperties" => value is not JsonObject item
            || item.All(property => schema["properties"]!.AsObject().ContainsKey(property.Key)),
        "minItems" => value is not JsonArray items || items.Count >= (int)rule.Value!,
        "maxItems" => value is not JsonArray items || items.Count <= (int)rule.Value!,
        "items" => value is not JsonArray items || items.All(item => IsValid(rule.Value!.AsObject(), item)),
        _ => throw new NotSupportedException(rule.Key),
    });

    // In ECMA-262 a dollar sign is the end and nothing else.
    static string Whole(string pattern) => pattern.Replace("$)", @"\z)", StringComparison.Ordinal)[..^1] + @"\z";

    static bool IsOfType(JsonNode type, JsonNode? value) =>
        type is JsonArray types ? types.Any(one => IsOfType((string)one!, value)) : IsOfType((string)type!, value);

    static bool IsOfType(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("number", JsonValueKind.Number) or ("null", JsonValueKind.Null) => true,
        ("integer", JsonValueKind.Number) => (decimal)value! % 1 == 0,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        _ => false,
    };
}
