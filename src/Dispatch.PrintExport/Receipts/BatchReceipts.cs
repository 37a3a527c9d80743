using System.Globalization;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Receipts;

/// <summary>
/// Takes the lines of one receipt file about one batch, in their order, and says what they change. Nothing a print
/// house says can take a piece back, or touch another batch; what cannot be true becomes an incident and changes
/// nothing.
/// </summary>
public sealed class BatchReceipts
{
    // Clocks of two houses differ by a little.
    static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromMinutes(5);

    readonly SentBatch _batch;
    readonly SentPiece[] _pieces;
    readonly DateTimeOffset _now;
    readonly Dictionary<string, int> _sequences;
    readonly Dictionary<(int Sequence, ReceiptStatus Status), DateTimeOffset> _claims = [];
    readonly HashSet<(int Sequence, ReceiptStatus Status)> _ofThisFile = [];
    readonly SortedSet<int> _changed = [];
    readonly Dictionary<(string Kind, int Sequence), Incident> _incidents = [];

    /// <param name="pieces">All of the batch, in printing order.</param>
    /// <param name="earlier">What earlier files said was printed or posted.</param>
    /// <param name="now">Our own clock, to tell claims about the future.</param>
    public BatchReceipts(
        SentBatch batch, IReadOnlyList<SentPiece> pieces, IEnumerable<EarlierClaim> earlier, DateTimeOffset now)
    {
        (_batch, _pieces, _now, State) = (batch, [.. pieces], now, batch.State);
        _sequences = new(_pieces.Length, StringComparer.Ordinal);
        for (var i = 0; i < _pieces.Length; i++)
        {
            _sequences.Add(_pieces[i].PieceId, i + 1);
        }

        foreach (var claim in earlier)
        {
            _claims[(claim.Sequence, claim.Status)] = claim.ClaimedAt;
        }
    }

    public BatchState State { get; private set; }

    /// <summary>Pieces whose state is another one now, by their 1-based place.</summary>
    public IReadOnlyCollection<int> Changed => _changed;

    /// <summary>At most one of a kind for a piece, so that a file of any length makes a bounded number.</summary>
    public IReadOnlyCollection<Incident> Incidents => _incidents.Values;

    public PieceState StateOf(int sequence) => _pieces[sequence - 1].State;

    /// <summary>The place of a piece, 0 for the batch itself; null when the batch has no such piece.</summary>
    public int? Find(string? pieceId) =>
        pieceId is null ? 0 : _sequences.TryGetValue(pieceId, out var sequence) ? sequence : null;

    /// <param name="sequence">What <see cref="Find"/> gave for the line.</param>
    public ReceiptVerdict Take(in ReceiptLine line, int sequence)
    {
        if (line.ClaimedAt > _now + ClockDifferenceMax || line.ClaimedAt < _batch.HandedOffAt - ClockDifferenceMax)
        {
            Report(IncidentKind.Time, sequence, line, " and is dated before the hand-off or in the future");
        }

        return sequence == 0 ? TakeBatch(line) : TakePiece(line, sequence);
    }

    /// <summary>Call after the last line: the batch follows from its pieces.</summary>
    public void Finish()
    {
        if (State == BatchState.Rejected || _pieces.Any(piece => piece.State == PieceState.HandedOff))
        {
            return;
        }

        State = BatchState.Printed;
        if (_pieces.All(piece => piece.State == PieceState.Rejected))
        {
            State = BatchState.Rejected;
            _incidents.TryAdd(
                (IncidentKind.BatchRejected, 0), new(IncidentKind.BatchRejected, 0, "every piece of it is rejected"));
        }
    }

    ReceiptVerdict TakeBatch(in ReceiptLine line)
    {
        CompareCounts(line, 0, _batch.Pages, _batch.Sheets);
        var target = line.Status == ReceiptStatus.Accepted ? BatchState.Accepted : BatchState.Rejected;
        if (target == State || (target, State) == (BatchState.Accepted, BatchState.Printed))
        {
            return ReceiptVerdict.Repeated;
        }

        var isPrinting = State == BatchState.Printed || _pieces.Any(IsOnPaper);
        if (target == BatchState.Accepted ? State != BatchState.HandedOff : isPrinting)
        {
            Report(IncidentKind.Contradiction, 0, line, $" though the batch is {Word(State)} or printed in part");
            return ReceiptVerdict.Contradiction;
        }

        State = target;
        if (target == BatchState.Rejected)
        {
            Report(IncidentKind.BatchRejected, 0, line, "; nothing of it is printed, its pieces can be reprinted");
        }

        return ReceiptVerdict.Applied;
    }

    ReceiptVerdict TakePiece(in ReceiptLine line, int sequence)
    {
        ref var piece = ref _pieces[sequence - 1];
        CompareCounts(line, sequence, piece.Pages, piece.Sheets);
        if (State == BatchState.Rejected && line.Status != ReceiptStatus.Rejected)
        {
            Report(IncidentKind.Contradiction, sequence, line, " though its batch is rejected");
            return ReceiptVerdict.Contradiction;
        }

        if (IsSecondTime(line, sequence))
        {
            Report(IncidentKind.Duplicate, sequence, line, " for the second time");
            return ReceiptVerdict.Duplicate;
        }

        var (state, verdict) = PieceRule.Next(piece.State, line.Status);
        if (verdict == ReceiptVerdict.Contradiction)
        {
            Report(IncidentKind.Contradiction, sequence, line, $" though the piece is {Word(piece.State)}");
        }
        else if (verdict == ReceiptVerdict.Applied)
        {
            piece = piece with { State = state };
            _changed.Add(sequence);
            if (state == PieceState.Rejected)
            {
                Report(IncidentKind.PieceRejected, sequence, line, "; the piece can be reprinted");
            }
        }

        return verdict;
    }

    // The same claim in another file is a receipt sent again. Another moment, or twice in one file, is a second
    // envelope.
    bool IsSecondTime(in ReceiptLine line, int sequence)
    {
        if (line.Status is not (ReceiptStatus.Printed or ReceiptStatus.Posted))
        {
            return false;
        }

        var key = (sequence, line.Status);
        var isSecond = !_ofThisFile.Add(key)
            || (_claims.TryGetValue(key, out var claimedAt) && claimedAt != line.ClaimedAt);
        _claims.TryAdd(key, line.ClaimedAt);
        return isSecond;
    }

    void CompareCounts(in ReceiptLine line, int sequence, int pages, int sheets)
    {
        if ((line.Pages is { } p && p != pages) || (line.Sheets is { } s && s != sheets))
        {
            Report(IncidentKind.Counts, sequence, line, string.Create(
                CultureInfo.InvariantCulture,
                $" with {Said(line.Pages, "page")} and {Said(line.Sheets, "sheet")}")
                + string.Create(CultureInfo.InvariantCulture, $"; handed off were {pages} and {sheets}"));
        }
    }

    void Report(string kind, int sequence, in ReceiptLine line, string finding) => _incidents.TryAdd(
        (kind, sequence),
        new(kind, sequence, string.Create(
            CultureInfo.InvariantCulture, $"line {line.Number} says {Word(line.Status)}{finding}")));

    static string Said(int? count, string noun) => count is { } number ? CountText.Of(number, noun) : $"no {noun}s";

    static bool IsOnPaper(SentPiece piece) =>
        piece.State is PieceState.Printed or PieceState.Posted or PieceState.Returned or PieceState.Spoiled;

    static string Word<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();
}
