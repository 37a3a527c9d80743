namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// Everything the operator can set. Read by <see cref="SettingsReader"/>; <c>docs/configuration.md</c> has a line for
/// every property, and a test compares the two.
/// </summary>
sealed record DispatchSettings
{
    /// <summary>Full path of the data folder; comes from <c>--data</c>, never from a file.</summary>
    public string DataFolder { get; init; } = "";

    /// <summary>Where the database is.</summary>
    public DatabaseSettings Database { get; init; } = new();

    /// <summary>Where the key-encryption key is.</summary>
    public SecuritySettings Security { get; init; } = new();

    /// <summary>Print house, fonts and batches.</summary>
    public PrintingSettings Printing { get; init; } = new();

    /// <summary>Who may send.</summary>
    public SenderSettings Dispatch { get; init; } = new();

    /// <summary>Size of the pipeline.</summary>
    public DispatchingSettings Dispatching { get; init; } = new();

    /// <summary>The service.</summary>
    public WorkerSettings Worker { get; init; } = new();

    /// <summary>What a job may hold at most.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>How long what is no longer needed is kept.</summary>
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>What a worker tells over HTTP.</summary>
    public HealthSettings Health { get; init; } = new();

    /// <summary>As whom the operator of Digital Post writes to people.</summary>
    public OwnSenderSettings OwnSender { get; init; } = new();

    /// <summary>Notices of new post.</summary>
    public NoticeSettings Notices { get; init; } = new();

    /// <summary>How much is logged.</summary>
    public LoggingSettings Logging { get; init; } = new();

    /// <summary>Jobs of senders that no operator added are accepted too.</summary>
    public bool TakesUnknownSenders => Dispatch.OpenSenders == SenderSettings.Auto
        ? Database.ConnectionString.Length == 0
        : bool.Parse(Dispatch.OpenSenders);
}
