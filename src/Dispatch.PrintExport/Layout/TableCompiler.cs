using Dispatch.PrintExport.Templates;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Layout;

/// <summary>Lays out the rows of a table; the column widths are the same in every letter.</summary>
sealed class TableCompiler(LetterSurroundings letter, FlowFrame frame)
{
    const int PaddingX = 400;
    const int PaddingY = 280;
    const int HeaderRuleWeight = 80;
    const int RowRuleWeight = 30;
    const int HeaderRuleGray = 25;
    const int RowRuleGray = 70;

    int[] _lefts = [];
    int[] _widths = [];

    /// <param name="addRow">Takes the rows in order.</param>
    /// <param name="addCondition">Takes a condition around rows, and what adds its branches.</param>
    public void Add(
        LetterBlock.Table table, int space, Action<RowPlan> addRow,
        Action<LetterBlock.Condition, Action<IReadOnlyList<LetterBlock>>> addCondition)
    {
        _widths = TableColumns.Share(table, letter, frame.Width, PaddingX * 2) ?? throw new DispatchException(
            "template.unsupported",
            $"a table of {table.Alignments.Count} columns is wider than the page (line {table.Line}); "
                + "use fewer columns");
        _lefts = new int[_widths.Length];
        for (var i = 1; i < _lefts.Length; i++)
        {
            _lefts[i] = _lefts[i - 1] + _widths[i - 1];
        }

        addRow(Plan(table.Header, table, space, TablePart.Header));
        AddRows(table.Rows);

        void AddRows(IReadOnlyList<LetterBlock> rows)
        {
            foreach (var row in rows)
            {
                if (row is LetterBlock.Condition condition)
                {
                    addCondition(condition, AddRows);
                }
                else
                {
                    addRow(Plan((LetterBlock.Row)row, table, 0, TablePart.Body));
                }
            }
        }
    }

    RowPlan Plan(LetterBlock.Row row, LetterBlock.Table table, int space, TablePart part)
    {
        var style = part == TablePart.Header ? TextStyle.Bold : TextStyle.Regular;
        var cells = row.Cells.Select((runs, i) => FlowText.Create(
            runs, TypeSize.Table, style, letter, frame.Left + _lefts[i] + PaddingX, _widths[i] - PaddingX * 2,
            table.Alignments[i])).ToArray();
        var lines = Math.Max(1, cells.Max(cell => cell.ConstantLines.Length));
        var rule = part == TablePart.Header
            ? new TableRule(frame.Left, frame.Width, HeaderRuleWeight, HeaderRuleGray)
            : new TableRule(frame.Left, frame.Width, RowRuleWeight, RowRuleGray);
        return new(row.Line, cells, rule, part, space, lines);
    }

    /// <summary>A row ready to become a strip.</summary>
    internal sealed record RowPlan(
        int Line, FlowText[] Cells, TableRule Rule, TablePart Part, int SpaceBefore, int Lines)
    {
        public int Height => HeightOf(Lines);

        public bool IsConstant => Cells.All(cell => cell.IsConstant);

        public static int HeightOf(int lines) => lines * TypeSize.Table.Leading + PaddingY * 2;

        public static int LinesOf(int height) => (height - PaddingY * 2) / TypeSize.Table.Leading;

        /// <summary>From the top of a row to its first line.</summary>
        public static int TextTop => PaddingY;

        public void Draw(StripContent.Builder content)
        {
            foreach (var cell in Cells)
            {
                content.Lines(cell, PaddingY);
            }

            content.Box(Rule.Left, Height - Rule.Weight, Rule.Width, Rule.Weight, Rule.Gray);
        }
    }
}
