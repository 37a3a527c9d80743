using System.Globalization;
using System.Text.RegularExpressions;

namespace Dispatch.System.Tests.Oracle;

/// <summary>Rule 2: what a value must be, and what the pinned fonts cannot show.</summary>
static partial class FieldRules
{
    const int LineBreaksMax = 20;

    static readonly string[] DateForms = ["yyyy-MM-dd", "dd-MM-yyyy"];

    public static string? Fault(LetterField field, string value) =>
        value.Length == 0 ? (field.IsRequired ? "field.missing" : null)
        : HasForbiddenCharacter(value) ? "field.char"
        : IsOfFormat(value, field.Format) ? null
        : "field.format";

    /// <summary>A line break is allowed in a merge field, twenty times; no other control character is.</summary>
    public static bool HasForbiddenCharacter(string value)
    {
        var unified = value.Replace("\r\n", "\n", StringComparison.Ordinal);
        return unified.Count(c => c == '\n') > LineBreaksMax
            || unified.Any(c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029');
    }

    /// <summary>Liberation Sans has neither Chinese characters nor pictures.</summary>
    public static bool HasForeignGlyph(string value) =>
        value.EnumerateRunes().Any(r => r.Value is >= 0x4E00 and <= 0x9FFF or >= 0x1F300);

    static bool IsOfFormat(string value, string format) => format switch
    {
        "number" => Number().IsMatch(value),
        "money" => Money().IsMatch(value),
        "date" or "date-long" => DateOnly.TryParseExact(
            value, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => true,
    };

    [GeneratedRegex(@"^-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]{1,2})?\z")]
    private static partial Regex Money();
}
