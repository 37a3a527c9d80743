using System.Globalization;
using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>The label of later pages, <c>side 2 af 3</c>, put together from cells made once.</summary>
sealed class PageLabels
{
    readonly uint[] _side;
    readonly uint[] _of;
    readonly uint[][] _numbers;
    readonly LetterSurroundings _letter;

    public PageLabels(LetterSurroundings letter)
    {
        _letter = letter;
        _side = letter.Cells("side ", TextStyle.Regular);
        _of = letter.Cells(" af ", TextStyle.Regular);
        _numbers =
        [
            .. Enumerable.Range(0, LetterLayout.PagesMax + 1)
                .Select(number => letter.Cells(number.ToString(CultureInfo.InvariantCulture), TextStyle.Regular)),
        ];
    }

    /// <summary>Writes the label's cells; gives how many, and where the label starts to end at the right
    /// margin.</summary>
    public (int Count, int Left) Write(int page, int pages, Span<uint> cells)
    {
        var count = Add(_side, cells, 0);
        count = Add(_numbers[page], cells, count);
        count = Add(_of, cells, count);
        count = Add(_numbers[pages], cells, count);
        var width = _letter.Width(cells[..count], TypeSize.Side.Size);
        return (count, PageHead.BodyLeft + PageHead.BodyWidth - width);
    }

    static int Add(uint[] part, Span<uint> cells, int at)
    {
        part.CopyTo(cells[at..]);
        return at + part.Length;
    }
}
