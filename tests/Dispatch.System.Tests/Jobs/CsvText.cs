using System.Text;

namespace Dispatch.System.Tests.Jobs;

/// <summary>Semicolon-separated text with RFC 4180 quoting, both ways.</summary>
static class CsvText
{
    static readonly char[] Quoted = [';', '"', '\r', '\n'];

    public static string Line(params IEnumerable<string> cells) => string.Join(';', cells.Select(Quote)) + "\n";

    /// <summary>All records; the files read here are the product's, small enough to hold.</summary>
    public static List<string[]> Parse(string text)
    {
        var records = new List<string[]>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[++i]);
                }
                else if (c == '"')
                {
                    isQuoted = false;
                }
                else
                {
                    cell.Append(c);
                }

                continue;
            }

            switch (c)
            {
                case '"':
                    isQuoted = true;
                    break;
                case ';':
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\r':
                    break;
                case '\n':
                    cells.Add(cell.ToString());
                    cell.Clear();
                    records.Add([.. cells]);
                    cells.Clear();
                    break;
                default:
                    cell.Append(c);
                    break;
            }
        }

        Assert.True(cells.Count == 0 && cell.Length == 0, "The last line does not end with a line break.");
        return records;
    }

    static string Quote(string cell) =>
        cell.IndexOfAny(Quoted) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
