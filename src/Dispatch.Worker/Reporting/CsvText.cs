using System.Buffers;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// A field of a CSV file that people open in a spreadsheet: RFC 4180 quoting, and an apostrophe in front of what a
/// spreadsheet would run as a formula (OWASP, "CSV Injection").
/// </summary>
static class CsvText
{
    static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r\n＝＋－＠");
    static readonly SearchValues<char> Special = SearchValues.Create(";\"\r\n");

    public static string Field(string value)
    {
        if (value.Length == 0)
        {
            return value;
        }

        var safe = Formula.Contains(value[0]) ? "'" + value : value;
        return safe.AsSpan().ContainsAny(Special) || safe[0] == ' ' || safe[^1] == ' '
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }
}
