namespace Dispatch.PrintExport.Batches;

/// <summary>Takes pieces in printing order and cuts them into batches of one class and a limited number of pieces.</summary>
sealed class BatchCutter(PrintOrder order, int attempt, int piecesMax, IReadOnlyDictionary<string, int> lastNumbers)
{
    readonly PieceIds _pieceIds = new(order);
    List<PlannedPiece> _pieces = [];
    PieceClass _class;
    int _number;
    int _pages;
    int _sheets;

    /// <summary>Adds one piece; gives the batch that was complete before it.</summary>
    public PlannedBatch? Add(in PresortPiece piece)
    {
        var pieceClass = PieceClass.Of(order, piece.Zone, piece.Sheets);
        PlannedBatch? complete = null;
        if (pieceClass != _class || _pieces.Count == piecesMax)
        {
            complete = Finish();
            _number = pieceClass == _class ? _number + 1 : lastNumbers.GetValueOrDefault(pieceClass.ToString()) + 1;
            _class = pieceClass;
        }

        var pages = order.IsDuplex ? piece.Sheets * 2 : piece.Sheets;
        _pieces.Add(new(_pieces.Count + 1, piece.RowNo, _pieceIds.For(piece.RowNo), _pages + 1, pages, piece.Sheets));
        _pages += pages;
        _sheets += piece.Sheets;
        return complete;
    }

    /// <summary>Gives the batch begun last, if any.</summary>
    public PlannedBatch? Finish()
    {
        if (_pieces.Count == 0)
        {
            return null;
        }

        var name = BatchName.Make(order, _class.ToString(), _number, attempt, _pieces.Select(piece => piece.PieceId));
        var batch = new PlannedBatch(name, _class, _number, attempt, _pieces, _pages, _sheets);
        _pieces = [];
        _pages = 0;
        _sheets = 0;
        return batch;
    }
}
