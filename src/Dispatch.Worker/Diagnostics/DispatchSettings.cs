using System.ComponentModel.DataAnnotations;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Marks;
using Dispatch.PrintExport.Pdf;

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

    /// <summary>How much is logged.</summary>
    public LoggingSettings Logging { get; init; } = new();

    /// <summary>Jobs of senders that no operator added are accepted too.</summary>
    public bool TakesUnknownSenders => Dispatch.OpenSenders == SenderSettings.Auto
        ? Database.ConnectionString.Length == 0
        : bool.Parse(Dispatch.OpenSenders);
}

/// <summary>Where the database is.</summary>
sealed record DatabaseSettings
{
    /// <summary>Npgsql connection string of an external server; empty = the embedded PostgreSQL.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Connections this process opens at most; an eighth of them, one at least, is for reading
    /// mailboxes.</summary>
    [Range(5, 150)]
    public int PoolSize { get; init; } = 16;

    /// <summary>Memory the embedded server shares between its processes, MiB; 0 = an eighth of the machine's, at most 2
    /// GiB.</summary>
    [Range(0, 65_536)]
    public int SharedBuffersMiB { get; init; }

    /// <summary>How long the embedded server may take to start, crash recovery included.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Where the key-encryption key is.</summary>
sealed record SecuritySettings
{
    /// <summary>File with the key-encryption key; empty = one is made in <c>DATA/keys/</c>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>A program and its arguments that print the key-encryption key, as from a vault; empty = a file holds
    /// it.</summary>
    public IReadOnlyList<string> KeyCommand { get; init; } = [];

    /// <summary>How long the command may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeyCommandLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the token of <c>keys forget</c> is good for.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ForgetTokenLimit { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>Print house, fonts and batches.</summary>
sealed record PrintingSettings
{
    /// <summary>Form of a print house's name.</summary>
    public const string NamePattern = "[a-z0-9][a-z0-9-]{0,63}";

    const string NameForm = "1 to 64 lower-case letters, digits and hyphens, no hyphen first";

    /// <summary>Name of the print house, or of the one that takes what no other does; also its folder in the
    /// outbox.</summary>
    [RegularExpression(NamePattern, ErrorMessage = NameForm)]
    public string PrintHouse { get; init; } = "default";

    /// <summary>Several print houses, by name.</summary>
    [RegularExpression(NamePattern, ErrorMessage = NameForm)]
    public IReadOnlyDictionary<string, PrintHouseSettings> PrintHouses { get; init; } =
        new Dictionary<string, PrintHouseSettings>();

    /// <summary>Pieces in one batch at most.</summary>
    [Range(1, 100_000)]
    public int BatchPiecesMax { get; init; } = 5_000;

    /// <summary>Batches whose files are made at the same time.</summary>
    [Range(1, 64)]
    public int BatchesAtOnce { get; init; } = 2;

    /// <summary>Danish working days after the day of the hand-off until a missing receipt raises an alarm.</summary>
    [Range(1, 60)]
    public int ReceiptWorkingDays { get; init; } = 2;

    /// <summary>Group that may read the outbox; empty = the group of the user running dispatch.</summary>
    public string OutboxGroup { get; init; } = "";

    /// <summary>What stands on the fronts of sheets for the inserter.</summary>
    [AllowedValues(SheetMarkKind.DataMatrix, SheetMarkKind.Omr, SheetMarkKind.None)]
    public SheetMarkKind SheetMark { get; init; } = SheetMarkKind.DataMatrix;

    /// <summary>The print house's SFTP server; with no host, batches are handed off by folder.</summary>
    public SftpSettings Sftp { get; init; } = new();

    /// <summary>Font files.</summary>
    public FontSettings Fonts { get; init; } = new();

    /// <summary>The settings of a print house. One that is not named has those of the whole section, but only the
    /// default one has the server.</summary>
    public PrintHouseSettings House(string name) =>
        PrintHouses.TryGetValue(name, out var house) ? house
        : new()
        {
            PiecesMax = BatchPiecesMax,
            SheetMark = SheetMark,
            Sftp = name == PrintHouse ? Sftp : new(),
        };

    /// <summary>To which print house a batch goes.</summary>
    public PrintHouseChoice Choice() => new(
        [.. PrintHouses.Select(house => house.Value.Named(house.Key))],
        House(PrintHouse).Named(PrintHouse));
}

/// <summary>Size of the pipeline.</summary>
sealed record DispatchingSettings
{
    /// <summary>Rows in a chunk, the unit that commits at once.</summary>
    [Range(100, 65_536)]
    public int ChunkRows { get; init; } = 16_384;

    /// <summary>Chunks routed at the same time; 0 = one for each processor.</summary>
    [Range(0, 256)]
    public int Routers { get; init; }

    /// <summary>Database connections that write chunks at the same time.</summary>
    [Range(1, 64)]
    public int Writers { get; init; } = 2;

    /// <summary>Chunks in a shard, which one worker takes at once.</summary>
    [Range(1, 1_000)]
    public int ShardChunks { get; init; } = 16;
}

/// <summary>The service <c>dispatch worker</c>.</summary>
sealed record WorkerSettings
{
    /// <summary>Shards of large jobs worked on at the same time; 0 = one for each processor.</summary>
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

    /// <summary>Free space in the data folder below which nothing more is taken, MiB.</summary>
    [Range(1, 1 << 24)]
    public int DiskFreeMiBMin { get; init; } = 1_024;
}

/// <summary>What a job may hold at most. Together they bound the memory a job can take.</summary>
record LimitSettings
{
    /// <summary>Bytes of <c>job.json</c>.</summary>
    [Range(1_024, 16 << 20)]
    public int OrderBytesMax { get; init; } = 1 << 20;

    /// <summary>Bytes of the letter.</summary>
    [Range(1_024, 16 << 20)]
    public int LetterBytesMax { get; init; } = 512 << 10;

    /// <summary>Bytes of one picture.</summary>
    [Range(1_024, 64 << 20)]
    public int AssetBytesMax { get; init; } = 16 << 20;

    /// <summary>Pictures the letter names.</summary>
    [Range(0, 1_000)]
    public int AssetsMax { get; init; } = 100;

    /// <summary>Bytes of all its pictures together.</summary>
    [Range(1_024, 512 << 20)]
    public int AssetsBytesMax { get; init; } = 64 << 20;

    /// <summary>Bytes of the list as it comes.</summary>
    [Range(1.0, 1L << 40)]
    public long ListBytesMax { get; init; } = 8L << 30;

    /// <summary>Rows of the list, header not counted.</summary>
    [Range(1, 100_000_000)]
    public int RowsMax { get; init; } = 20_000_000;

    /// <summary>Bytes of one record as UTF-8, line breaks inside quotes included.</summary>
    [Range(1_024, 64 << 20)]
    public int RecordBytesMax { get; init; } = 16 << 20;

    /// <summary>Columns of the list.</summary>
    [Range(1, 10_000)]
    public int ColumnsMax { get; init; } = 1_000;

    /// <summary>Bytes of a print house's receipt file.</summary>
    [Range(1_024.0, 1L << 36)]
    public long ReceiptBytesMax { get; init; } = 1L << 30;
}

/// <summary>How much is logged, to <c>DATA/logs/</c>.</summary>
sealed record LoggingSettings
{
    /// <summary><c>Debug</c>, <c>Information</c>, <c>Warning</c> or <c>Error</c>.</summary>
    [AllowedValues("Debug", "Information", "Warning", "Error")]
    public string Level { get; init; } = "Information";

    /// <summary>Bytes of one log file; the next one is begun when it is full.</summary>
    [Range(1L << 20, (double)(1L << 33))]
    public long FileBytesMax { get; init; } = 100L << 20;

    /// <summary>Log files kept.</summary>
    [Range(1, 10_000)]
    public int FilesMax { get; init; } = 31;
}
