using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Intake;

/// <summary>
/// A job folder that was found sound. Its list lies sealed in the spool; disposing of the job removes it again, unless
/// the job was accepted meanwhile.
/// </summary>
sealed class CheckedJob : IDisposable
{
    readonly SealedListFile _spool;

    public CheckedJob(JobKey key, SealedListFile spool)
    {
        (Key, _spool) = (key, spool);
    }

    public required JobOrder Order { get; init; }

    /// <summary>job.json as it came, without byte order mark.</summary>
    public required string OrderText { get; init; }

    public required LetterSource Letter { get; init; }

    public required LetterTemplate Template { get; init; }

    /// <summary>Over letter, pictures and fonts.</summary>
    public required byte[] TemplateSha256 { get; init; }

    public required FontSet Fonts { get; init; }

    public required CheckedList List { get; init; }

    /// <summary>What makes it the same job; see <see cref="ContentHash"/>.</summary>
    public required byte[] ContentSha256 { get; init; }

    /// <summary>Opens the spooled list.</summary>
    public JobKey Key { get; }

    /// <summary>Full path of the sealed list.</summary>
    public string ListPath => _spool.Path;

    public IReadOnlyList<JobChunk> Chunks => _spool.Chunks;

    /// <summary>The job's row is committed and names the list: it stays.</summary>
    public void KeepList() => _spool.Keep();

    public void Dispose()
    {
        _spool.Dispose();
        Key.Dispose();
    }
}
