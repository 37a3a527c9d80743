using Dispatch.PrintExport.Batches;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Printing;

/// <summary>What printing needs to know of a job.</summary>
sealed record PrintJob(int JobId, int TemplateId, PrintOrder Order)
{
    /// <exception cref="InvalidOperationException">The job was never released,
    /// so that no row of it can be on paper.</exception>
    public static PrintJob From(AcceptedJob job)
    {
        var paper = job.Order.Paper;
        var order = new PrintOrder(
            job.Order.Sender.Cvr,
            job.Order.Reference,
            job.ContentSha256,
            job.ReleaseDate ?? throw new InvalidOperationException($"job {job.JobId} has no release date"),
            paper.Postage,
            paper.Envelope,
            paper.IsDuplex,
            paper.IsColour,
            paper.JoinsHouseholds);
        return new(job.JobId, job.TemplateId, order);
    }
}
