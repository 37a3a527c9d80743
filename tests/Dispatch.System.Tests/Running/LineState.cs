namespace Dispatch.System.Tests.Running;

/// <summary>What is wrong with a line at the moment; nothing, to begin with.</summary>
sealed class LineState
{
    static readonly TaskCompletionSource Open = Opened();

    volatile TaskCompletionSource _requests = Open;
    volatile TaskCompletionSource _replies = Open;
    TaskCompletionSource _held = new();
    long _delayTicks;
    readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _bytesMax = long.MaxValue;
    bool _isSilent;
    int _commitsToLose;
    int _repliesToLose;
    int _commitsToHold;
    int _repliesToHold;
    int _inDoubt;

    /// <summary>How late each reply is.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>So many bytes of a connection's requests pass, then it breaks.</summary>
    public long BytesMax
    {
        get => Interlocked.Read(ref _bytesMax);
        set => Interlocked.Exchange(ref _bytesMax, value);
    }

    /// <summary>At the limit of bytes nothing more passes, and no connection breaks.</summary>
    public bool IsSilent
    {
        get => Volatile.Read(ref _isSilent);
        set => Volatile.Write(ref _isSilent, value);
    }

    /// <summary>A connection came to the limit of bytes and stands still.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Commits of chunks whose reply was lost.</summary>
    public int InDoubt => Volatile.Read(ref _inDoubt);

    /// <summary>None of the commits and replies that were to be lost is left.</summary>
    public bool IsSpent => Volatile.Read(ref _commitsToLose) <= 0 && Volatile.Read(ref _repliesToLose) <= 0;

    /// <summary>Requests pass; replies wait until the line is healed.</summary>
    public void LoseReplies() => _replies = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nothing reaches the server until the line is healed.</summary>
    public void LoseRequests() => _requests = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next so many commits of chunks never reach the server: their connections break before.</summary>
    public void LoseCommits(int count) => Volatile.Write(ref _commitsToLose, count);

    /// <summary>The next so many commits of chunks are made; their connections break before the reply.</summary>
    public void LoseCommitReplies(int count) => Volatile.Write(ref _repliesToLose, count);

    /// <summary>The next commit of a chunk stands still on its way: there, or back. Gives when it does.</summary>
    public Task HoldCommit(bool hasReached)
    {
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref hasReached ? ref _repliesToHold : ref _commitsToHold, 1);
        return _held.Task;
    }

    /// <summary>From now on everything passes; what waited goes on its way.</summary>
    public void Heal()
    {
        (Delay, BytesMax, IsSilent) = (TimeSpan.Zero, long.MaxValue, false);
        Volatile.Write(ref _commitsToLose, 0);
        Volatile.Write(ref _repliesToLose, 0);
        _requests.TrySetResult();
        _replies.TrySetResult();
    }

    public Task RequestsPassAsync(CancellationToken cancel) => _requests.Task.WaitAsync(cancel);

    public Task RepliesPassAsync(CancellationToken cancel) => _replies.Task.WaitAsync(cancel);

    public bool LosesThisCommit() => Interlocked.Decrement(ref _commitsToLose) >= 0;

    public bool LosesThisReply()
    {
        var isLost = Interlocked.Decrement(ref _repliesToLose) >= 0;
        Interlocked.Add(ref _inDoubt, isLost ? 1 : 0);
        return isLost;
    }

    /// <summary>What happens at the limit of bytes.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        if (IsSilent)
        {
            _reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel);
        }

        throw new IOException("the line broke in the middle of a message");
    }

    /// <summary>Should this commit, or its reply, stand still, it does so until its connection breaks.</summary>
    public async Task StandStillAsync(bool isReply, CancellationToken cancel)
    {
        if (Interlocked.Decrement(ref isReply ? ref _repliesToHold : ref _commitsToHold) >= 0)
        {
            Interlocked.Add(ref _inDoubt, isReply ? 1 : 0);
            _held.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel);
        }
    }

    static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
