namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Who was met once and who more than once among the rows that got past rules 1 to 5: two bits a person, whatever the
/// length of the list. Any number of threads, in any order.
/// </summary>
sealed class RepeatedPeople(int registerCount)
{
    readonly long[] _met = new long[(registerCount >> 6) + 1];
    readonly long[] _metAgain = new long[(registerCount >> 6) + 1];
    int _again;

    /// <summary>How many rows met somebody who had been met before: at most twice as many rows are of people who came
    /// more than once.</summary>
    public int AgainCount => Volatile.Read(ref _again);

    /// <param name="index">Place in the register snapshot.</param>
    public void Meet(int index)
    {
        var bit = 1L << (index & 63);
        if ((Interlocked.Or(ref _met[index >> 6], bit) & bit) != 0)
        {
            Interlocked.Or(ref _metAgain[index >> 6], bit);
            Interlocked.Increment(ref _again);
        }
    }

    public bool CameAgain(int index) => (Volatile.Read(ref _metAgain[index >> 6]) >> (index & 63) & 1) != 0;
}
