namespace Dispatch.PrintExport.Templates;

/// <summary>Pairs <c>{{#if}}</c>, <c>{{else}}</c> and <c>{{/if}}</c> among the parts of one container.</summary>
/// <param name="parts">Blocks of a container, or rows of a table.</param>
/// <param name="markOf">The condition line a part is, without its braces, or null.</param>
/// <param name="read">Reads a part that is no condition line.</param>
sealed class ConditionReader<T>(
    IReadOnlyList<T> parts,
    Func<T, (int Line, string Text)?> markOf,
    Action<T, int, List<LetterBlock>> read,
    TemplateColumns columns,
    TemplateFault fault)
{
    int _at;

    /// <param name="depth">How deep the container already lies.</param>
    public IReadOnlyList<LetterBlock> Read(int depth)
    {
        var blocks = ReadBranch(depth, out var end);
        return end is { } stray ? throw fault.Condition(
            stray.Line, $"'{{{{{stray.Text}}}}}' belongs to no condition") : blocks;
    }

    List<LetterBlock> ReadBranch(int depth, out (int Line, string Text)? end)
    {
        var blocks = new List<LetterBlock>();
        while (_at < parts.Count)
        {
            var part = parts[_at++];
            if (markOf(part) is not { } mark)
            {
                read(part, depth, blocks);
            }
            else if (mark.Text.StartsWith("#if", StringComparison.Ordinal))
            {
                blocks.Add(ReadCondition(mark, depth + 1));
            }
            else
            {
                end = mark;
                return blocks;
            }
        }

        end = null;
        return blocks;
    }

    LetterBlock.Condition ReadCondition((int Line, string Text) opening, int depth)
    {
        if (depth > TemplateReader.DepthMax)
        {
            throw fault.Depth(opening.Line, TemplateReader.DepthMax);
        }

        var name = opening.Text[3..].Trim();
        if (name.Length == 0 || !char.IsWhiteSpace(opening.Text[3]))
        {
            throw fault.Condition(opening.Line, $"the condition '{{{{{opening.Text}}}}}' names no column");
        }

        var subject = columns.OpenCondition(name, opening.Line);
        var then = ReadBranch(depth, out var end);
        IReadOnlyList<LetterBlock> otherwise = [];
        if (end is { Text: "else" })
        {
            otherwise = ReadBranch(depth, out end);
        }

        if (end is not { Text: "/if" })
        {
            throw end is { } second
                ? fault.Condition(second.Line, "a condition has two '{{else}}'")
                : fault.Condition(opening.Line, $"the condition '{{{{{opening.Text}}}}}' is left open");
        }

        columns.CloseCondition();
        return new(opening.Line, subject, then, otherwise);
    }
}
