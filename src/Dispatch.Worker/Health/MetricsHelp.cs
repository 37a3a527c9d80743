namespace Dispatch.Worker.Health;

/// <summary>What each metric read from the database tells; the same on every worker.</summary>
static class MetricsHelp
{
    public static IReadOnlyList<(string Metric, string Help)> OfQueues { get; } =
    [
        ("jobs", "Jobs that have not ended, by state."),
        ("oldest_job_seconds", "Since the oldest job in a state was submitted or due."),
        ("open_rows", "Rows of released jobs that have no effect yet."),
        ("held_rows", "Rows that wait for an operator."),
        ("batches", "Print batches that are not acknowledged, by state."),
        ("oldest_batch_seconds", "Since the oldest batch in a state was planned or handed off."),
        ("batches_unacknowledged", "Batches handed off of which the print house has said nothing."),
        ("receipt_deadline_seconds", "Until the next receipts are due; negative when overdue."),
        ("incidents_open", "Incidents that nobody closed."),
        ("setbacks", "Jobs on which work failed and is tried again."),
        ("notices_waiting", "Notices to be sent, by channel; 100000 stands for that many or more."),
        ("notices_overdue_seconds", "Since the first notice of a channel was due to be sent."),
        ("daily_run_failed", "Whether the last run of a schedule found something to look at, by schedule."),
        ("workers", "Workers alive, by whether they take work."),
    ];
}
