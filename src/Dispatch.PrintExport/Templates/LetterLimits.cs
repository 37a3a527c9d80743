using System.Buffers;

namespace Dispatch.PrintExport.Templates;

/// <summary>
/// What a letter may hold at most, looked for before Markdig sees it: the time and memory Markdig takes grow with the
/// square of a paragraph's length and marks, and of a table's width. A letter of a megabyte could keep it busy for
/// hours.
/// </summary>
static class LetterLimits
{
    /// <summary>Characters between two blank lines: some ten pages in one paragraph.</summary>
    public const int RunCharsMax = 32_768;

    /// <summary>Characters between two blank lines that may be Markdown: hundreds of bold words. Markdig holds each
    /// against all that are open.</summary>
    public const int MarksMax = 2_048;

    /// <summary>Pipes in a line: twice as many columns as a page has room for.</summary>
    public const int PipesMax = 64;

    /// <summary>Different merge fields: as many as a list can have columns.</summary>
    public const int FieldsMax = 10_000;

    /// <summary>Pixels of all pictures together: a page of each of a hundred, at 100 dots per inch.</summary>
    public const long PixelsMax = 100_000_000;

    static readonly SearchValues<char> Marks = SearchValues.Create("*_[]!`<\\");

    /// <summary>The fault of the first line over a limit, or null.</summary>
    public static Routing.DispatchException? Check(string markdown, TemplateFault fault)
    {
        if (LetterMarkdown.FindDeeperThan(TemplateReader.DepthMax, markdown) is var deep and > 0)
        {
            return fault.Depth(deep, TemplateReader.DepthMax);
        }

        var (number, run, marks, conditions) = (0, 0, 0, 0);
        foreach (var line in markdown.AsSpan().EnumerateLines())
        {
            number++;
            conditions += Opening(line.Trim());
            if (conditions > TemplateReader.DepthMax)
            {
                return fault.Depth(number, TemplateReader.DepthMax);
            }

            run = line.IsWhiteSpace() ? 0 : run + line.Length + 1;
            if (run > RunCharsMax)
            {
                return fault.TooLong(number, RunCharsMax);
            }

            marks = run == 0 ? 0 : marks + CountMarks(line);
            if (marks > MarksMax)
            {
                return fault.TooManyMarks(number, MarksMax);
            }

            if (line.Count('|') > PipesMax)
            {
                return fault.TooWide(number, PipesMax);
            }
        }

        return null;
    }

    static int CountMarks(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (text.IndexOfAny(Marks) is >= 0 and var at)
        {
            count++;
            text = text[(at + 1)..];
        }

        return count;
    }

    static int Opening(ReadOnlySpan<char> line) =>
        line.StartsWith("{{#if") ? 1 : line.StartsWith("{{/if") ? -1 : 0;
}
