using Dispatch.Routing;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Dispatch.PrintExport.Templates;

/// <summary>
/// A parsed letter: its blocks, the list columns it uses and its pictures. Immutable. The grammar is CommonMark with
/// pipe tables, cut down to what docs/file-formats.md lists, plus merge fields and conditions.
/// </summary>
public sealed class LetterTemplate
{
    readonly IReadOnlyList<(string Name, int Line)> _firstUses;
    readonly Dictionary<string, int> _usedBuiltIns;
    readonly TemplateFault _fault;

    LetterTemplate(
        IReadOnlyList<LetterBlock> blocks, TemplateColumns columns, TemplateReader reader, TemplateFault fault)
    {
        Blocks = blocks;
        Columns = columns.ToList();
        UsesRecipientName = columns.UsesRecipientName;
        UsesRecipientAddress = columns.UsesRecipientAddress;
        AssetNames = [.. reader.Pictures.Keys];
        RequiresRecipientName = columns.RequiresRecipientName;
        _firstUses = columns.FirstUses;
        _usedBuiltIns = columns.UsedBuiltIns;
        _fault = fault;
    }

    /// <summary>List columns in the order of first use: the order of the fields in a letter's values.</summary>
    public IReadOnlyList<TemplateColumn> Columns { get; }

    /// <summary><c>{{recipient.name}}</c> is printed or tested somewhere.</summary>
    public bool UsesRecipientName { get; }

    /// <summary><c>{{recipient.name}}</c> is printed outside every condition on itself: nobody without a name can get
    /// the letter.</summary>
    public bool RequiresRecipientName { get; }

    /// <summary><c>{{recipient.address}}</c> is printed or tested somewhere.</summary>
    public bool UsesRecipientAddress { get; }

    /// <summary>Pictures the letter names, each once: file names inside the assets folder.</summary>
    public IReadOnlyList<string> AssetNames { get; }

    internal IReadOnlyList<LetterBlock> Blocks { get; }

    /// <summary>Reads a letter.</summary>
    /// <param name="markdown">The text of letter.md; any line ends.</param>
    /// <param name="fileName">For messages only.</param>
    /// <param name="assets">File name inside the assets folder to its bytes.</param>
    /// <exception cref="DispatchException">
    /// <c>template.unsupported</c>, <c>template.unknown_field</c>, <c>template.unknown_format</c>,
    /// <c>template.condition</c>, <c>template.depth</c>, <c>template.too_long</c>, <c>template.too_wide</c>,
    /// <c>template.too_many_marks</c>, <c>template.too_many_fields</c>, <c>template.empty</c>, <c>asset.missing</c>,
    /// <c>asset.corrupt</c>, <c>asset.unsupported</c>, <c>asset.too_large</c>; with the line.
    /// </exception>
    public static LetterTemplate Parse(string markdown, string fileName, IReadOnlyDictionary<string, byte[]> assets)
    {
        var fault = new TemplateFault(fileName);
        return LetterLimits.Check(markdown, fault) is { } over ? throw over : Read(markdown, fault, assets);
    }

    /// <summary>Reads a letter that was accepted before: limits that came later do not stop its job.</summary>
    /// <param name="markdown">The text as it was accepted.</param>
    /// <param name="fileName">For messages only.</param>
    /// <param name="assets">As they were accepted.</param>
    public static LetterTemplate ParseAccepted(
        string markdown, string fileName, IReadOnlyDictionary<string, byte[]> assets) =>
        Read(markdown, new TemplateFault(fileName), assets);

    /// <summary>The pictures a letter names, before it is parsed for good; faults are left to
    /// <see cref="Parse"/>.</summary>
    public static IReadOnlyList<string> FindAssetNames(string markdown)
    {
        if (LetterLimits.Check(markdown, new TemplateFault("")) is not null)
        {
            return [];
        }

        try
        {
            return
            [
                .. LetterMarkdown.Parse(WithoutMark(markdown)).Descendants<LinkInline>()
                    .Where(link => link.IsImage).Select(AssetNameOf).Distinct(StringComparer.Ordinal),
            ];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    /// <summary>Refuses the letter when it uses a column the list does not have, or a built-in field whose name a
    /// column has.</summary>
    /// <param name="listColumns">The list's header; case matters.</param>
    /// <exception cref="DispatchException"><c>template.unknown_field</c>, <c>header.reserved</c>, with the
    /// line.</exception>
    public void CheckColumns(IReadOnlyList<string> listColumns)
    {
        foreach (var (name, line) in _firstUses)
        {
            if (!listColumns.Contains(name, StringComparer.Ordinal))
            {
                throw _fault.UnknownField(line, name);
            }
        }

        foreach (var (name, line) in _usedBuiltIns)
        {
            if (listColumns.Contains(name, StringComparer.Ordinal))
            {
                throw _fault.HiddenColumn(line, name);
            }
        }
    }

    /// <summary>Letters may name a picture with or without the folder it lies in, and as an address is written
    /// (<c>x%20y.png</c>). What comes of that is still to be held against the rule for plain names.</summary>
    internal static string AssetNameOf(LinkInline link)
    {
        // A control would break the one line of a message, and no picture's name needs one.
        var name = Uri.UnescapeDataString(link.Url ?? "");
        return name.Any(char.IsControl) ? WithoutFolder(link.Url!) : WithoutFolder(name);
    }

    /// <summary>As jobs were accepted before names were decoded.</summary>
    internal static string LiteralAssetNameOf(LinkInline link) => WithoutFolder(link.Url ?? "");

    static string WithoutFolder(string name)
    {
        name = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        return name.StartsWith("assets/", StringComparison.Ordinal) ? name["assets/".Length..] : name;
    }

    static LetterTemplate Read(string markdown, TemplateFault fault, IReadOnlyDictionary<string, byte[]> assets)
    {
        var columns = new TemplateColumns(fault);
        var reader = new TemplateReader(fault, columns, assets);
        var blocks = reader.Read(ParseMarkdown(markdown, fault));
        return HasContent(blocks) ? new(blocks, columns, reader, fault) : throw fault.Empty();
    }

    static MarkdownDocument ParseMarkdown(string markdown, TemplateFault fault)
    {
        try
        {
            return LetterMarkdown.Parse(WithoutMark(markdown));
        }
        catch (ArgumentException)
        {
            // Markdig's only complaint about a text is its nesting; it does not say where.
            throw fault.Depth(1, TemplateReader.DepthMax);
        }
    }

    static string WithoutMark(string markdown) => markdown.StartsWith('\uFEFF') ? markdown[1..] : markdown;

    static bool HasContent(IReadOnlyList<LetterBlock> blocks) => blocks.Any(block => block switch
    {
        LetterBlock.Condition condition => HasContent(condition.Then) || HasContent(condition.Else),
        LetterBlock.PageBreak or LetterBlock.ThematicLine => false,
        LetterBlock.Heading heading => heading.Runs.Count > 0,
        LetterBlock.Paragraph paragraph => paragraph.Runs.Count > 0,
        LetterBlock.Quote quote => HasContent(quote.Blocks),
        LetterBlock.ItemList list => list.Items.Any(item => HasContent(item.Blocks)),
        _ => true,
    });
}
