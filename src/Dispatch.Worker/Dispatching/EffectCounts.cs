using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Dispatching;

/// <summary>Rows per reason, and paper by class; what the planning pass finds.</summary>
sealed class EffectCounts
{
    public SortedDictionary<Reason, long> Reasons { get; } = [];

    /// <summary>Pieces, pages and sheets per class; only when every piece was measured.</summary>
    public SortedDictionary<string, PaperCounts> Paper { get; } = new(StringComparer.Ordinal);

    public long Rows => Reasons.Values.Sum();

    public long this[Channel channel] =>
        Reasons.Where(pair => pair.Key.Channel() == channel).Sum(pair => pair.Value);

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

    public void AddPaper(string paperClass, PaperCounts counts) =>
        Paper[paperClass] = Paper.GetValueOrDefault(paperClass).Plus(counts);

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
    public PaperCounts Plus(PaperCounts other) => new(Pieces + other.Pieces, Pages + other.Pages, Sheets + other.Sheets);
}
