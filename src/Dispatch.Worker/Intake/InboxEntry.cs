namespace Dispatch.Worker.Intake;

/// <summary>A job folder that lies in the inbox as it did at the last look, and how long it must go on so before it is
/// taken, or refused.</summary>
sealed class InboxEntry(InboxLook look, InboxPatience patience, TimeProvider clock)
{
    const long NsATick = 100;

    readonly long _since = clock.GetTimestamp();
    TimeSpan? _wait;

    public string Print => look.Print;

    /// <param name="readOrder">Asked once: files that are the same have the same order.</param>
    public bool IsDue(Func<InboxOrder> readOrder) => Quiet() >= (_wait ??= WaitFor(readOrder()));

    /// <summary>Whether a refusal may be of files that are still being written. It is not due before they had their
    /// time.</summary>
    public bool TryPostpone(string code)
    {
        var needed = look.IsPutByRename ? TimeSpan.Zero
            : code is "file.count_mismatch" or "file.hash_mismatch" ? patience.ForMissing
            : patience.ToSettle;
        if (Quiet() >= needed)
        {
            return false;
        }

        _wait = needed;
        return true;
    }

    TimeSpan WaitFor(InboxOrder order) =>
        !order.IsThere ? patience.ForMissing
        : order.IsDeclared || look.IsPutByRename ? TimeSpan.Zero
        : patience.ToSettle;

    // A time ahead of ours, of another machine's clock or kept from another day, tells nothing.
    TimeSpan Quiet()
    {
        var seen = clock.GetElapsedTime(_since);
        var written = clock.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(look.NewestNs / NsATick);
        return written >= TimeSpan.Zero && written < seen ? written : seen;
    }
}
