namespace Dispatch.Worker.Reporting;

/// <summary>
/// Effects counted, and the different row numbers among them. As many effects as rows, no row number twice and all of
/// them within 1…rows: then every row has exactly one effect.
/// </summary>
/// <param name="Effects">Lines over the four effect tables.</param>
/// <param name="DistinctRows">Different row numbers among those lines.</param>
/// <param name="FirstRow">Lowest row number, 0 without effects.</param>
/// <param name="LastRow">Highest row number, 0 without effects.</param>
readonly record struct BalanceProof(long Effects, long DistinctRows, int FirstRow, int LastRow)
{
    public long RepeatedEffects => Effects - DistinctRows;

    public bool IsBalanced(long rows) =>
        Effects == rows && DistinctRows == rows && FirstRow == 1 && LastRow == rows;
}
