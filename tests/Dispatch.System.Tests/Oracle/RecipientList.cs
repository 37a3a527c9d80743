namespace Dispatch.System.Tests.Oracle;

/// <summary>recipients.csv before it is written, and the fields of the letter that is merged with it.</summary>
sealed record RecipientList(string[] Header, IReadOnlyList<LetterField> Letter)
{
    public List<string[]> Rows { get; init; } = [];

    /// <summary>The trimmed value of a column; empty where the list has no such column.</summary>
    public string Value(string[] row, string column)
    {
        var at = Array.IndexOf(Header, column);
        return at < 0 ? "" : row[at].Trim(' ');
    }

    public IEnumerable<string> LetterValues(string[] row) => Letter.Select(f => Value(row, f.Column));
}
