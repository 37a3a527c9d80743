using Dispatch.PrintExport.Batches;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>Rows per reason, and paper by class; what the planning pass finds.</summary>
sealed class EffectCounts
{
    public SortedDictionary<Reason, long> Reasons { get; } = [];

    /// <summary>Pieces, pages and sheets per class; only when every piece was measured.</summary>
    public SortedDictionary<PieceClass, PaperCounts> Paper { get; } = [];

    public long Rows => Reasons.Values.Sum();

    public long this[Channel channel] =>
        Reasons.Where(pair => pair.Key.Channel() == channel).Sum(pair => pair.Value);

    /// <summary>What an operator approves.</summary>
    public ApprovedCounts ByChannel => new(
        (int)this[Channel.Digital], (int)this[Channel.Paper], (int)this[Channel.Held], (int)this[Channel.Refused]);

    public void Add(Reason reason, long rows = 1)
    {
        var sum = Reasons.GetValueOrDefault(reason) + rows;
        if (sum == 0)
        {
            Reasons.Remove(reason);
        }
        else
        {
            Reasons[reason] = sum;
        }
    }

    public void AddPaper(PieceClass paperClass, PaperCounts counts)
    {
        var sum = Paper.GetValueOrDefault(paperClass).Plus(counts);
        if (sum == default)
        {
            Paper.Remove(paperClass);
        }
        else
        {
            Paper[paperClass] = sum;
        }
    }

    public void Add(EffectCounts other) => Add(other, 1);

    public void Subtract(EffectCounts other) => Add(other, -1);

    void Add(EffectCounts other, int sign)
    {
        foreach (var (reason, rows) in other.Reasons)
        {
            Add(reason, sign * rows);
        }

        foreach (var (paperClass, counts) in other.Paper)
        {
            AddPaper(paperClass, new(sign * counts.Pieces, sign * counts.Pages, sign * counts.Sheets));
        }
    }
}

/// <summary>Paper of one class.</summary>
readonly record struct PaperCounts(long Pieces, long Pages, long Sheets)
{
    public PaperCounts Plus(PaperCounts other) =>
        new(Pieces + other.Pieces, Pages + other.Pages, Sheets + other.Sheets);
}
