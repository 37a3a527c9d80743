using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Dispatching;

/// <summary>Says what would come of a list: the planning pass, made again when the register moves meanwhile.</summary>
/// <param name="routers">Threads.</param>
sealed class JobPlanner(JobOpening opening, ReadAddresses addresses, int routers, StageProgress progress)
{
    /// <summary>The planning pass alone, over a list that need not be accepted.</summary>
    /// <param name="measuresAll">Count pages and sheets, which costs the layout of every piece.</param>
    /// <exception cref="DispatchException"><see cref="RegisterMoved"/>, every time the list was routed.</exception>
    public async Task<JobPlan> PlanAsync(
        JobRouting routing, IReadOnlyList<JobChunk> chunks, ListSource source, RegisterView view,
        bool measuresAll, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var snapshot = await view.CurrentAsync(ct);
            var stage = progress.Begin("plan", chunks.Sum(chunk => (long)chunk.Rows));
            try
            {
                var pass = new PlanningPass(
                    routing, snapshot, addresses, source, chunks, routers, measuresAll);
                var plan = await pass.RunAsync(stage, ct);
                stage.Finish();
                return plan;
            }
            catch (DispatchException fault) when (RegisterMoved.Is(fault) && attempt < RegisterView.AttemptsMax)
            {
                stage.Finish();
            }
        }
    }

    /// <summary>The planning pass over an accepted job that was not released: what an operator is to approve.</summary>
    public async Task<JobPlan> PlanAsync(AcceptedJob job, CancellationToken ct)
    {
        using var open = await opening.OpenAsync(job, ct);
        return await PlanAsync(open.Routing, job.Chunks, open.List, open.Register, measuresAll: false, ct);
    }
}
