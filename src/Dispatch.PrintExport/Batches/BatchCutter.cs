namespace Dispatch.PrintExport.Batches;

/// <summary>Takes pieces in printing order and cuts them into batches of one class, as large as their print house
/// takes.</summary>
sealed class BatchCutter(
    PrintOrder order, int attempt, PrintHouseChoice choice, IReadOnlyDictionary<string, int> lastNumbers)
{
    readonly PieceIds _pieceIds = new(order);
    List<PlannedPiece> _pieces = [];
    PieceClass _class;
    PrintHouse? _house;
    int _number;
    int _pages;
    int _sheets;
    int _envelopes;

    /// <summary>Adds the pieces of one envelope, which are of one class; gives the batch that was complete before
    /// them.</summary>
    public PlannedBatch? Add(ReadOnlySpan<PresortPiece> envelope)
    {
        var pieceClass = PieceClass.Of(order, envelope[0].Zone, envelope[0].Sheets);
        PlannedBatch? complete = null;
        if (_house is null || pieceClass != _class || IsFull(_house, envelope))
        {
            complete = Finish();
            _number = pieceClass == _class ? _number + 1 : lastNumbers.GetValueOrDefault(pieceClass.ToString()) + 1;
            _class = pieceClass;
            _house = choice.For(order, _class, _number);
        }

        _envelopes++;
        foreach (var piece in envelope)
        {
            var pages = order.PagesOf(piece.Sheets);
            var pieceId = _pieceIds.For(piece.RowNo);
            _pieces.Add(new(_pieces.Count + 1, piece.RowNo, pieceId, _pages + 1, pages, piece.Sheets, _envelopes));
            _pages += pages;
            _sheets += piece.Sheets;
        }

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
        var batch = new PlannedBatch(
            name, _class, _number, attempt, _pieces, _pages, _sheets, _house!.Name);
        _pieces = [];
        _pages = 0;
        _sheets = 0;
        _envelopes = 0;
        return batch;
    }

    bool IsFull(PrintHouse house, ReadOnlySpan<PresortPiece> envelope)
    {
        var pages = 0;
        foreach (var piece in envelope)
        {
            pages += order.PagesOf(piece.Sheets);
        }

        return _pieces.Count > 0
            && (_pieces.Count + envelope.Length > house.PiecesMax || _pages + pages > house.PagesMax);
    }
}
