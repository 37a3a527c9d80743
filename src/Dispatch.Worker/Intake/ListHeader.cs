using System.Text;
using CsvHelper;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Intake;

/// <summary>The first line of a list: names of the columns, ASCII spaces around them dropped, case kept.</summary>
static class ListHeader
{
    /// <summary>The one column every list has.</summary>
    public const string Recipient = "recipient";

    const string Separators = ";,\t|";

    /// <exception cref="DispatchException"><c>header.mismatch</c>, <c>header.too_wide</c>, <c>header.missing</c>,
    /// <c>header.duplicate</c>, <c>header.invalid</c>.</exception>
    public static string[] Read(ReadOnlyMemory<byte> record, char separator, string fileName, int columnsMax)
    {
        var name = ShownName.Of(fileName);
        var columns = Fields(record, separator);
        if (IsHint(record.Span) || (columns.Length == 1 && columns[0].AsSpan().ContainsAny(Separators)))
        {
            throw new DispatchException(
                "header.mismatch",
                $"{name} line 1 is not split by {Shown(separator)}, expected column names with it between them and no "
                + "'sep=' line; set recipients.separator to what the file uses");
        }

        if (columns.Length > columnsMax)
        {
            throw new DispatchException(
                "header.too_wide", $"{name} line 1 names {columns.Length} columns, expected at most {columnsMax}; "
                + "leave out what the letter does not use");
        }

        // Before any name is shown: without this column the line may well be a row, with somebody's number in it.
        if (!columns.Contains(Recipient, StringComparer.Ordinal))
        {
            throw new DispatchException(
                "header.missing",
                $"{name} line 1 has no column '{Recipient}' among its {columns.Length}, expected a header with it; "
                + "name the column that holds the CPR or CVR number so");
        }

        CheckNames(columns, name);
        return columns;
    }

    /// <summary>The separator as a person would name it.</summary>
    public static string Shown(char separator) => separator == '\t' ? "tab" : $"'{separator}'";

    static void CheckNames(string[] columns, string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Any(char.IsControl))
            {
                throw new DispatchException(
                    "header.invalid", $"{name} line 1 has a control character in the name of column {i + 1}, expected "
                    + "plain text; rename the column");
            }

            // Spreadsheets leave unnamed columns behind; no letter can use them, so any number may stay.
            if (columns[i].Length > 0 && !seen.Add(columns[i]))
            {
                throw new DispatchException(
                    "header.duplicate", $"{name} line 1 names column {ShownName.Of(columns[i])} twice, expected it "
                    + "once; rename one");
            }
        }
    }

    static string[] Fields(ReadOnlyMemory<byte> record, char separator)
    {
        using var reader = CsvReader.Create(record, ListDialect.Options(separator));
        reader.Read();
        var fields = new string[reader.FieldCount];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = reader.GetString(i).Trim(' ');
        }

        return fields;
    }

    // Written by spreadsheets, never obeyed.
    static bool IsHint(ReadOnlySpan<byte> record) =>
        record.Length >= 4 && Ascii.EqualsIgnoreCase(record[..4], "sep="u8);
}
