using Dispatch.Routing;

namespace Dispatch.PrintExport.Templates;

/// <summary>The faults of a letter, each with its code and the 1-based line of the file it stands on.</summary>
sealed class TemplateFault(string fileName)
{
    /// <summary>Where a line is, as messages say it.</summary>
    public string PlaceOf(int line) => $"'{fileName}' line {line}";

    public DispatchException Unsupported(int line, string found, string advice) =>
        At("template.unsupported", line, $"{found} is not part of the letter grammar; {advice}");

    public DispatchException UnknownField(int line, string column) => At(
        "template.unknown_field",
        line,
        $"the merge field '{column}' is no column of the list; write a column exactly as the header has it");

    public DispatchException NoMergeField(int line, string column) => At(
        "template.unknown_field",
        line,
        $"the column '{column}' is no merge field: it says who gets the letter or what the sender calls it; print"
            + " {{recipient.name}}, or give the list another column with the same values");

    public DispatchException HiddenColumn(int line, string column) => At(
        "header.reserved",
        line,
        $"the list has a column '{column}', which is the name of a built-in field the letter uses: the column would not"
            + " be printed; rename the column, in the letter too where it is meant");

    public DispatchException UnknownFormat(int line, string field, string format) => At(
        "template.unknown_format",
        line,
        $"the merge field '{field}' has the format '{format}'; use text, number, money, date or date-long"
            + " (built-in fields: text, and date or date-long for letter.date)");

    public DispatchException Condition(int line, string found) => At(
        "template.condition",
        line,
        $"{found}; write {{{{#if column}}}}, {{{{else}}}} and {{{{/if}}}} on lines of their own, "
            + "each opened and closed in the same list item, quote or table");

    public DispatchException Depth(int line, int max) => At(
        "template.depth", line, $"blocks are nested deeper than {max}; take conditions, lists or quotes apart");

    public DispatchException TooLong(int line, int max) => At(
        "template.too_long", line,
        $"there are more than {max} characters without a blank line; begin a new paragraph or table");

    public DispatchException TooWide(int line, int max) => At(
        "template.too_wide", line, $"there are more than {max} '|'; make the table narrower");

    public DispatchException TooManyMarks(int line, int max) => At(
        "template.too_many_marks", line,
        $"there are more than {max} of the characters * _ [ ] ! ` < \\ without a blank line; begin a new paragraph");

    public DispatchException TooManyFields(int line, int max) => At(
        "template.too_many_fields", line, $"the letter has more than {max} different merge fields; use fewer");

    public DispatchException Empty() =>
        new("template.empty", $"the letter '{fileName}' holds no text and no picture; write the letter");

    public DispatchException AssetMissing(int line, string name) => At(
        "asset.missing", line, $"the picture '{name}' is not in the assets folder; add it there or correct its name");

    DispatchException At(string code, int line, string message) => new(code, $"{message} ({PlaceOf(line)})");
}
