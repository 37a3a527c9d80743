using System.Globalization;
using System.Text.Json.Serialization;
using Dispatch.Routing.Rules;
using Npgsql;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// The job's report: the document of <c>report.json</c>, whose keys are public surface. The same job in the same state
/// gives the same bytes, so a repeated run prints the same report.
/// </summary>
sealed record JobReport(
    ReportedJob Job,
    long Rows,
    long Digital,
    long Paper,
    long Held,
    long Refused,
    IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<ReportedBatch> Batches,
    StageSeconds Seconds,
    long LettersPerHour,
    bool Balanced)
{
    /// <summary>Reads the ledger, writes <c>reportsFolder/JOBID/</c> and gives the document back.</summary>
    /// <exception cref="Routing.DispatchException"><c>job.unknown</c>.</exception>
    public static async Task<JobReport> WriteAsync(
        NpgsqlDataSource db, int jobId, string reportsFolder, CancellationToken ct)
    {
        await using var snapshot = await LedgerSnapshot.OpenAsync(db, ct);
        var facts = await ReportFacts.ReadAsync(snapshot, jobId, ct);
        var report = From(facts);

        var folder = Path.Combine(reportsFolder, report.Job.Id);
        ReportFile.CreateFolder(folder);
        foreach (var list in new[] { RowList.Refused, RowList.Held })
        {
            await ReportFile.WriteAsync(
                folder, list.FileName, (file, token) => list.WriteAsync(snapshot, jobId, file, token), ct);
        }

        await ReportFile.WriteTextAsync(folder, "report.html", ReportPage.Render(facts, report), ct);
        // Last: whoever finds report.json finds the other three beside it.
        await ReportFile.WriteTextAsync(folder, "report.json", report.ToJson(), ct);
        return report;
    }

    public string ToJson() => ReportJson.Of(this);

    static JobReport From(ReportFacts facts)
    {
        var total = facts.Seconds.Total;
        return new(
            new(
                facts.JobId.ToString(CultureInfo.InvariantCulture), facts.SenderCvr, facts.Reference, facts.State,
                facts.ForgottenAt),
            facts.Rows,
            facts.Count(Channel.Digital),
            facts.Count(Channel.Paper),
            facts.Count(Channel.Held),
            facts.Count(Channel.Refused),
            new SortedDictionary<string, long>(
                facts.Reasons.ToDictionary(reason => reason.Key, reason => reason.Count), StringComparer.Ordinal),
            facts.Batches.Select(batch => batch.Reported).ToList(),
            facts.Seconds,
            total > 0 ? (long)Math.Round(facts.Rows / total * 3600) : 0,
            facts.Proof.IsBalanced(facts.Rows));
    }
}

/// <param name="ForgottenAt">When its data key was destroyed; its letters cannot be opened since.</param>
sealed record ReportedJob(
    string Id, string Sender, string Reference, string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? ForgottenAt);

/// <param name="Sha256">Of the PDF, hexadecimal; empty until the batch is composed.</param>
sealed record ReportedBatch(string Name, int Pieces, int Pages, int Sheets, string Sha256);

sealed record StageSeconds(double Validate, double Route, double Compose, double Handoff, double Total);
