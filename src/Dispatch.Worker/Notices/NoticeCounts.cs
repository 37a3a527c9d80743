namespace Dispatch.Worker.Notices;

/// <summary>What became of notices: how many of each.</summary>
sealed class NoticeCounts
{
    readonly int[] _byState = new int[(int)NoticeState.Withdrawn + 1];

    public int Sent => Volatile.Read(ref _byState[(int)NoticeState.Sent]);

    public int Failed => Volatile.Read(ref _byState[(int)NoticeState.Failed]);

    /// <summary>Told by nobody: suppressed, or no longer wanted.</summary>
    public int Dropped => Volatile.Read(ref _byState[(int)NoticeState.Suppressed])
        + Volatile.Read(ref _byState[(int)NoticeState.Withdrawn]);

    /// <summary>That go back to be sent later.</summary>
    public int Waiting => Volatile.Read(ref _byState[(int)NoticeState.Waiting]);

    public void Add(NoticeState state) => Interlocked.Increment(ref _byState[(int)state]);
}
