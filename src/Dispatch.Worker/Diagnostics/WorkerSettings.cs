using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The service <c>dispatch worker</c>.</summary>
sealed record WorkerSettings
{
    /// <summary>Shards of large jobs worked on at the same time; 0 = one for each processor, shared by
    /// the workers of the same machine.</summary>
    [Range(0, 64)]
    public int Shards { get; init; }

    /// <summary>How long a shard stays with a worker that is not heard of any more.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks at the inbox and at the folders of receipts; what did not change meanwhile is
    /// whole.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "01:00:00")]
    public TimeSpan InboxPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a job folder in the inbox may lack a file it names before it is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan InboxPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Local time (Europe/Copenhagen) of the nightly run, before two or after three: that hour is missing or
    /// there twice on two nights of the year.</summary>
    [RegularExpression(
        "(?!02)(?!2[4-9])[0-2][0-9]:[0-5][0-9]",
        ErrorMessage = "a time of day such as 01:30, not between 02:00 and 02:59")]
    public string NightlyAt { get; init; } = "01:30";

    /// <summary>Local time at which the ledger is proved once more a day, beside the nightly run; empty = by that
    /// alone.</summary>
    [RegularExpression(
        "((?!02)(?!2[4-9])[0-2][0-9]:[0-5][0-9])?",
        ErrorMessage = "a time of day such as 13:30, not between 02:00 and 02:59, or empty")]
    public string AuditAt { get; init; } = "";

    /// <summary>Free space in the data folder below which nothing more is taken, MiB.</summary>
    [Range(1, 1 << 24)]
    public int DiskFreeMiBMin { get; init; } = 1_024;
}
