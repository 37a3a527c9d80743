using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// One step of the letter's body, in reading order: conditions and page breaks are steps too, so that measuring a
/// letter is one walk through an array.
/// </summary>
abstract class FlowItem
{
    /// <summary>Goes on at <see cref="ElseTarget"/> unless the field holds something other than <c>0</c>.</summary>
    internal sealed class Branch(FieldReference subject) : FlowItem
    {
        public FieldReference Subject { get; } = subject;

        public int ElseTarget { get; set; }
    }

    internal sealed class Jump : FlowItem
    {
        public int Target { get; set; }
    }

    internal sealed class PageBreak : FlowItem;

    /// <summary>Something with a height.</summary>
    internal abstract class Strip : FlowItem
    {
        /// <summary>Counts the strips with a constant part; neighbours in a letter may be drawn by one form.</summary>
        public int Number { get; init; }

        /// <summary>Room above it, left out at the top of a page.</summary>
        public int SpaceBefore { get; init; }

        /// <summary>Height; of a row, the height when no changing cell needs more lines than the constant
        /// ones.</summary>
        public int Height { get; init; }

        /// <summary>No page may end below it.</summary>
        public bool KeepsNext { get; init; }
    }

    /// <summary>A line, a picture, a rule: the same in every letter.</summary>
    internal sealed class Constant : Strip
    {
        public required StripContent Content { get; init; }

        /// <summary>A row of a table without changing cells.</summary>
        public TablePart Part { get; init; }

        /// <summary>Part of what the letter says: text, a picture.</summary>
        public bool IsVisible { get; init; }
    }

    /// <summary>A paragraph or heading with merge fields: broken into lines for every letter.</summary>
    internal sealed class Changing : Strip
    {
        public required FlowText Text { get; init; }

        /// <summary>Drawn with every line (the bars of quotes).</summary>
        public required StripContent EveryLine { get; init; }

        /// <summary>Drawn with the first line (the mark of a list item).</summary>
        public required StripContent FirstLine { get; init; }
    }

    /// <summary>A table row with merge fields. Its rules and constant cells are content of their own.</summary>
    internal sealed class Row : Strip
    {
        public required FlowText[] Cells { get; init; }

        /// <summary>Constant cells and the rule below, for the height <see cref="Strip.Height"/>.</summary>
        public required StripContent Content { get; init; }

        /// <summary>Where the row stands in letter.md.</summary>
        public int SourceLine { get; init; }

        /// <summary>Lines that fit into <see cref="Strip.Height"/>.</summary>
        public int Lines { get; init; }

        public TablePart Part { get; init; }

        public required TableRule Rule { get; init; }
    }
}
