namespace Dispatch.PrintExport.Marks;

/// <summary>
/// Where every bit of every codeword lies in the data region of a square symbol (ISO/IEC 16022, annex F): diagonal
/// walks of an eight-module shape that wraps around the edges, and four special shapes in the corners.
/// </summary>
sealed class ModulePlacement
{
    static readonly (int Row, int Column)[] Shape =
        [(-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0)];

    // Negative numbers count from the far edge.
    static readonly (int Row, int Column)[] Corner1 =
        [(-1, 0), (-1, 1), (-1, 2), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)];

    static readonly (int Row, int Column)[] Corner2 =
        [(-3, 0), (-2, 0), (-1, 0), (0, -4), (0, -3), (0, -2), (0, -1), (1, -1)];

    static readonly (int Row, int Column)[] Corner3 =
        [(-3, 0), (-2, 0), (-1, 0), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)];

    static readonly (int Row, int Column)[] Corner4 =
        [(-1, 0), (-1, -1), (0, -3), (0, -2), (0, -1), (1, -3), (1, -2), (1, -1)];

    readonly int _side;
    readonly bool[] _isTaken;
    readonly List<int> _modules = [];

    ModulePlacement(int side)
    {
        _side = side;
        _isTaken = new bool[side * side];
        Walk();
    }

    /// <summary>
    /// The modules of a region <paramref name="side"/> modules wide, as row × side + column: eight for each codeword,
    /// its highest bit first. Modules no codeword takes are not among them.
    /// </summary>
    public static int[] Of(int side) => [.. new ModulePlacement(side)._modules];

    void Walk()
    {
        var (row, column) = (4, 0);
        do
        {
            PlaceCorner(row, column);
            for (; row >= 0 && column < _side; row -= 2, column += 2)
            {
                PlaceShape(row, column);
            }

            (row, column) = (row + 1, column + 3);
            for (; row < _side && column >= 0; row += 2, column -= 2)
            {
                PlaceShape(row, column);
            }

            (row, column) = (row + 3, column + 1);
        }
        while (row < _side || column < _side);
    }

    void PlaceCorner(int row, int column)
    {
        if (row == _side && column == 0)
        {
            Place(Corner1);
        }
        else if (row == _side - 2 && column == 0 && _side % 4 != 0)
        {
            Place(Corner2);
        }
        else if (row == _side - 2 && column == 0 && _side % 8 == 4)
        {
            Place(Corner3);
        }
        else if (row == _side + 4 && column == 2 && _side % 8 == 0)
        {
            Place(Corner4);
        }
    }

    void Place((int Row, int Column)[] corner)
    {
        foreach (var (row, column) in corner)
        {
            Take(row < 0 ? row + _side : row, column < 0 ? column + _side : column);
        }
    }

    void PlaceShape(int row, int column)
    {
        if (row < 0 || row >= _side || column < 0 || column >= _side || _isTaken[row * _side + column])
        {
            return;
        }

        foreach (var (rowBy, columnBy) in Shape)
        {
            var (at, across) = (row + rowBy, column + columnBy);
            if (at < 0)
            {
                at += _side;
                across += 4 - (_side + 4) % 8;
            }

            if (across < 0)
            {
                across += _side;
                at += 4 - (_side + 4) % 8;
            }

            Take(at, across);
        }
    }

    void Take(int row, int column)
    {
        _isTaken[row * _side + column] = true;
        _modules.Add(row * _side + column);
    }
}
