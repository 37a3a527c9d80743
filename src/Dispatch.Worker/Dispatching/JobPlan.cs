namespace Dispatch.Worker.Dispatching;

/// <summary>What the planning pass found.</summary>
/// <param name="Duplicates">By chunk number: the rows that repeat an earlier one, ascending.</param>
/// <param name="ValueBytes">Bytes the letters' values will take, when every letter was made.</param>
sealed record JobPlan(
    EffectCounts Counts, IReadOnlyDictionary<int, int[]> Duplicates, IReadOnlyList<RefusedRow> FirstRefused,
    long ValueBytes,
    long RegisterVersion)
{
    /// <summary>Fewest rows for which the share of refused ones says anything.</summary>
    public const int JudgedRowsMin = 100;

    /// <summary>Whether more rows would be refused than the sender allows.</summary>
    public bool RefusesTooMany(decimal share)
    {
        var rows = Counts.Rows;
        return rows >= JudgedRowsMin && Counts[Routing.Rules.Channel.Refused] > share * rows;
    }
}
