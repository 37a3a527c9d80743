using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// Shares the width of a table among its columns: from the constant texts as they are, and from a usual value of each
/// merge field's format, so that every letter has the same columns.
/// </summary>
static class TableColumns
{
    const int NarrowestText = 3000;

    /// <param name="padding">Of a cell, both sides together.</param>
    /// <returns>Widths that add up to the table's, or null when there are too many columns.</returns>
    public static int[]? Share(LetterBlock.Table table, LetterSurroundings letter, int tableWidth, int padding)
    {
        var wanted = Enumerable.Repeat(NarrowestText + padding, table.Alignments.Count).ToArray();
        if (wanted.Sum() > tableWidth)
        {
            return null;
        }

        Widen(table.Header, TextStyle.Bold);
        foreach (var row in Rows(table.Rows))
        {
            Widen(row, TextStyle.Regular);
        }

        var spare = tableWidth - wanted.Sum();
        return spare >= 0 ? Stretch(wanted, table.Alignments, spare) : Cap(wanted, tableWidth);

        void Widen(LetterBlock.Row row, TextStyle style)
        {
            for (var i = 0; i < wanted.Length; i++)
            {
                wanted[i] = Math.Max(
                    wanted[i], row.Cells[i].Sum(run => WidthOf(run, style, letter)) + padding + Points.One);
            }
        }
    }

    static IEnumerable<LetterBlock.Row> Rows(IReadOnlyList<LetterBlock> blocks) => blocks.SelectMany(block =>
        block is LetterBlock.Condition condition ? Rows(
            [.. condition.Then, .. condition.Else]) : [(LetterBlock.Row)block]);

    static int WidthOf(LetterRun run, TextStyle style, LetterSurroundings letter)
    {
        var part = letter.PartOf(run, style);
        var cells = part.Cells ?? letter.Cells(UsualValue(part.Field), style);
        return letter.Width(cells, TypeSize.Table.Size);
    }

    static string UsualValue(FieldReference field) => field.Format switch
    {
        FieldFormat.Money => "-99.999.999,99",
        FieldFormat.Number => "-9.999.999",
        FieldFormat.Date => "99-99-9999",
        FieldFormat.DateLong => "29. september 2026",
        _ => "en værdi af sædvanlig længde",
    };

    /// <summary>What is left over goes to the columns of text; figures stay narrow.</summary>
    static int[] Stretch(int[] widths, IReadOnlyList<CellAlignment> alignments, int spare)
    {
        var takers = Enumerable.Range(0, widths.Length).Where(i => alignments[i] == CellAlignment.Left).ToList();
        takers = takers.Count == 0 ? [.. Enumerable.Range(0, widths.Length)] : takers;
        foreach (var i in takers)
        {
            widths[i] += spare / takers.Count;
        }

        widths[takers[0]] += spare % takers.Count;
        return widths;
    }

    /// <summary>The widest columns give way, down to one common width.</summary>
    static int[] Cap(int[] widths, int total)
    {
        var (room, left) = (total, widths.Length);
        var cap = 0;
        foreach (var width in widths.Order())
        {
            cap = room / left;
            if (width > cap)
            {
                break;
            }

            room -= width;
            left--;
        }

        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = Math.Min(widths[i], cap);
        }

        widths[Array.IndexOf(widths, widths.Max())] += total - widths.Sum();
        return widths;
    }
}
