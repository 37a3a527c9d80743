using System.Buffers;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>What a sender may call itself: it stands in notices.</summary>
static class SenderName
{
    public const string Expected = "1 to 130 characters on one line, and no web address";

    // What is read in another order than it is written.
    static readonly SearchValues<char> Turning =
        SearchValues.Create("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>Nothing in it that a phone makes a link of, or that shows another name.</summary>
    public static bool Fits(string name) => !name.AsSpan().ContainsAny(Turning)
        && !name.Contains("://", StringComparison.Ordinal)
        && !name.Contains("www.", StringComparison.OrdinalIgnoreCase);
}
