using Dispatch.Worker.Scheduling;
using Microsoft.Extensions.Logging;

namespace Dispatch.Worker.Commands.Serving;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Node} takes part: {Shards} shards at once")]
    public static partial void Started(ILogger logger, string node, int shards);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: what is in hand is finished, nothing more is taken")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Node} stopped")]
    public static partial void Stopped(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} released: {Rows} rows")]
    public static partial void Released(ILogger logger, int jobId, int rows);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} waits: {Step}")]
    public static partial void Waits(ILogger logger, int jobId, string step);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {JobId}/{ShardNo}: {Rows} rows")]
    public static partial void Routed(ILogger logger, int jobId, int shardNo, long rows);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "Shard {JobId}/{ShardNo} was taken over, or its job stopped; {Superseded} chunks of it were refused here")]
    public static partial void TakenOver(ILogger logger, int jobId, int shardNo, int superseded);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} completed")]
    public static partial void Completed(ILogger logger, int jobId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Work on job {JobId} failed: {Code}; it is tried again later")]
    public static partial void WorkFailed(ILogger logger, int jobId, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Watch} waits: {Code}")]
    public static partial void RoundFailed(ILogger logger, string watch, string code);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Watch} goes on")]
    public static partial void RoundHealed(ILogger logger, string watch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Work} was started by the scheduler and nobody is at it: it is started again")]
    public static partial void StartedAgain(ILogger logger, string work);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A worker froze in the middle of a transaction that others waited for: {Sessions} sessions ended for it")]
    public static partial void WritersEnded(ILogger logger, int sessions);

    /// <param name="kind">Type of the exception; its message may quote a row and stays out.</param>
    [LoggerMessage(Level = LogLevel.Warning, Message = "The scheduler met a fault and goes on: event {EventId} {Kind}")]
    public static partial void OfScheduler(ILogger logger, int eventId, string kind);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Folder} accepted as job {JobId}")]
    public static partial void Accepted(ILogger logger, string folder, int jobId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} refused, {Code}")]
    public static partial void Refused(ILogger logger, string folder, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} is left where it is for now: {Code}")]
    public static partial void NotTaken(ILogger logger, string name, string code);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Inbox}: what is no job folder, or has a name that is no UTF-8, stays where it is: {Count}")]
    public static partial void Strange(ILogger logger, string inbox, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Receipts of {PrintHouse}: {Applied} applied, {Incidents} incidents")]
    public static partial void ReceiptsApplied(ILogger logger, string printHouse, int applied, int incidents);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Receipts of {PrintHouse}: a file was refused whole, {Code}")]
    public static partial void ReceiptsRefused(ILogger logger, string printHouse, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Takes nothing more until this is healed: {Gate}")]
    public static partial void GateClosed(ILogger logger, Gate gate);

    [LoggerMessage(Level = LogLevel.Information, Message = "Healed, {Gate}: takes work again")]
    public static partial void GateOpened(ILogger logger, Gate gate);

    [LoggerMessage(Message = "Run {Schedule} of {Date}: {Outcome}")]
    public static partial void Ran(ILogger logger, LogLevel level, string schedule, string date, string outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {Schedule} of {Date} failed: {Code}; it is tried again")]
    public static partial void RunFailed(ILogger logger, string schedule, string date, string code);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Receipts of job {JobId} are overdue: {Batches} batches, nothing is known of {Pieces} pieces")]
    public static partial void Overdue(ILogger logger, int jobId, int batches, int pieces);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId}: {Notices} notices made")]
    public static partial void NoticesMade(ILogger logger, int jobId, int notices);

    [LoggerMessage(Level = LogLevel.Information, Message = "Notices: {Sent} sent, {Failed} failed, {Dropped} not to be sent")]
    public static partial void NoticesSent(ILogger logger, int sent, int failed, int dropped);
}
