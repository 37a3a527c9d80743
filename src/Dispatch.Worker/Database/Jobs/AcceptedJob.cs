using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>A job as the database holds it: what dispatching, printing and reporting need to know of it.</summary>
sealed record AcceptedJob
{
    const string SelectJob = """
        select job_id, order_json, content_sha256, template_id, state, rows, columns, list_file, list_sha256,
               list_bytes, data_key, key_id, segment, accept_refused, register_version, release_date, not_before,
               submitted_at, released_at, completed_at, forgotten_at, forgotten_by, submitted_by,
               cancelled_by is not null,
               (select array[digital, paper, held, refused] from dispatch.approvals a
                where a.job_id = jobs.job_id and a.content_sha256 = jobs.content_sha256 and a.withdrawn_at is null),
               (select o.release_date from dispatch.jobs o where o.job_id = jobs.print_of), print_of
        from dispatch.jobs
        """;

    public required int JobId { get; init; }

    public required JobOrder Order { get; init; }

    /// <summary>job.json as it came.</summary>
    public required string OrderText { get; init; }

    /// <summary>SHA-256 over job.json, list, letter and assets.</summary>
    public required byte[] ContentSha256 { get; init; }

    public required int TemplateId { get; init; }

    /// <summary>As it was when the job was loaded.</summary>
    public required string State { get; init; }

    public required int Rows { get; init; }

    /// <summary>Header of the list, trimmed; unnamed columns are empty.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>File name in the spool's folder of lists.</summary>
    public required string ListFile { get; init; }

    /// <summary>Of the list as it came.</summary>
    public required byte[] ListSha256 { get; init; }

    /// <summary>Of the list as it came.</summary>
    public required long ListBytes { get; init; }

    /// <summary>The job's data key, wrapped; null when it was destroyed.</summary>
    public required byte[]? DataKey { get; init; }

    /// <summary>Which key-encryption key wrapped it; null when it was destroyed.</summary>
    public required string? KeyId { get; init; }

    /// <summary>When the data key was destroyed, and nothing sealed of the job can be opened any more.</summary>
    public DateTimeOffset? ForgottenAt { get; init; }

    public string? ForgottenBy { get; init; }

    /// <summary>May not approve it; null for a job older than approvals.</summary>
    public string? SubmittedBy { get; init; }

    /// <summary>Somebody wants it cancelled; until all its rows are, it is paused.</summary>
    public bool IsBeingCancelled { get; init; }

    /// <summary>What a second operator said yes to; null = nobody did.</summary>
    public ApprovedCounts? Approved { get; init; }

    /// <summary>Leaf of <c>mailbox.letters</c> that takes its digital letters.</summary>
    public required int Segment { get; init; }

    public required bool AcceptsRefused { get; init; }

    public long? RegisterVersion { get; init; }

    public DateOnly? ReleaseDate { get; init; }

    /// <summary>The job whose letters this one prints once more; null = it has letters of its own.</summary>
    public int? PrintOf { get; init; }

    /// <summary>Of a job that prints the letters of another once more: the date on them. Null = its own.</summary>
    public DateOnly? OriginalDate { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? ReleasedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>In list order.</summary>
    public required IReadOnlyList<JobChunk> Chunks { get; init; }

    /// <param name="job">The job's id, or <c>SENDERCVR/REFERENCE</c>.</param>
    /// <exception cref="DispatchException"><c>job.unknown</c>, exit 2.</exception>
    public static async Task<AcceptedJob> LoadAsync(NpgsqlDataSource database, string job, CancellationToken cancel)
    {
        var found = job.Split('/') switch
        {
            [var id] when int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var jobId)
                => await FindAsync(database, jobId, cancel),
            [var sender, var reference] => await FindAsync(database, sender, reference, cancel),
            _ => null,
        };
        return found ?? throw new DispatchException(
            "job.unknown", "no job has this id; expected the id that submit prints, or SENDERCVR/REFERENCE; see "
            + "dispatch status",
            ExitCode.Usage);
    }

    public static async Task<AcceptedJob?> FindAsync(NpgsqlDataSource database, int jobId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand($"{SelectJob} where job_id = $1", connection);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        return await ReadAsync(command, cancel);
    }

    public static async Task<AcceptedJob?> FindAsync(
        NpgsqlDataSource database, string senderCvr, string reference, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"{SelectJob} where sender_cvr = $1 and reference = $2", connection);
        command.Parameters.Add(new() { Value = senderCvr, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = reference, NpgsqlDbType = NpgsqlDbType.Text });
        return await ReadAsync(command, cancel);
    }

    /// <summary>Opens the job's data key.</summary>
    /// <exception cref="DispatchException"><c>key.forgotten</c>, exit 2; <c>key.wrong</c>, exit 78.</exception>
    public async Task<JobKey> OpenKeyAsync(KeyRing keys, CancellationToken cancel) => DataKey is { } wrapped
        ? await keys.UnwrapAsync(wrapped, KeyId!, cancel)
        : throw new DispatchException(
            "key.forgotten",
            $"job {JobId} was forgotten: {ForgottenBy} had its data key destroyed on {ForgottenAt:yyyy-MM-dd}, "
            + "and nobody can open its letters again; expected a job that was not forgotten",
            ExitCode.Usage);

    static async Task<AcceptedJob?> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        AcceptedJob job;
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (!await row.ReadAsync(cancel))
            {
                return null;
            }

            job = ReadRow(row);
        }

        return job with { Chunks = await ReadChunksAsync(command.Connection!, job.JobId, cancel) };
    }

    static AcceptedJob ReadRow(NpgsqlDataReader row) => new()
    {
        JobId = row.GetInt32(0),
        OrderText = row.GetString(1),
        Order = JobOrder.Parse(Encoding.UTF8.GetBytes(row.GetString(1)), "job.json"),
        ContentSha256 = row.GetFieldValue<byte[]>(2),
        TemplateId = row.GetInt32(3),
        State = row.GetString(4),
        Rows = row.GetInt32(5),
        Columns = row.GetFieldValue<string[]>(6),
        ListFile = row.GetString(7),
        ListSha256 = row.GetFieldValue<byte[]>(8),
        ListBytes = row.GetInt64(9),
        DataKey = row[10] as byte[],
        KeyId = row[11] as string,
        Segment = row.GetInt32(12),
        AcceptsRefused = row.GetBoolean(13),
        RegisterVersion = row.IsDBNull(14) ? null : row.GetInt64(14),
        ReleaseDate = row.IsDBNull(15) ? null : row.GetFieldValue<DateOnly>(15),
        NotBefore = Moment(row, 16),
        SubmittedAt = row.GetFieldValue<DateTimeOffset>(17),
        ReleasedAt = Moment(row, 18),
        CompletedAt = Moment(row, 19),
        ForgottenAt = Moment(row, 20),
        ForgottenBy = row[21] as string,
        SubmittedBy = row[22] as string,
        IsBeingCancelled = row.GetBoolean(23),
        Approved = row[24] is int[] and [var digital, var paper, var held, var refused]
            ? new(digital, paper, held, refused)
            : null,
        OriginalDate = row.IsDBNull(25) ? null : row.GetFieldValue<DateOnly>(25),
        PrintOf = row[26] as int?,
        Chunks = [],
    };

    static DateTimeOffset? Moment(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    static async Task<List<JobChunk>> ReadChunksAsync(NpgsqlConnection connection, int jobId, CancellationToken cancel)
    {
        const string Sql = """
            select chunk_no, first_row, rows, spool_offset, spool_bytes
            from dispatch.chunks where job_id = $1 order by chunk_no
            """;
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var chunks = new List<JobChunk>();
        while (await row.ReadAsync(cancel))
        {
            chunks.Add(new(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3), row.GetInt32(4)));
        }

        return chunks;
    }
}
