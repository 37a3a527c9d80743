namespace Dispatch.Worker.Notices;

/// <summary>When a notice that failed is tried again.</summary>
static class NoticeRetry
{
    const int DoublingsMax = 7;

    static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    /// <param name="failures">Of this notice so far, the last one counted: 1 or more.</param>
    /// <returns>30 s, then twice as long each time, up to 64 minutes.</returns>
    public static TimeSpan After(int failures) => First * Math.Pow(2, Math.Min(failures - 1, DoublingsMax));
}
