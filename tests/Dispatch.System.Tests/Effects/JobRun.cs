using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Effects;

/// <summary>One job of the world, planned and run to its end.</summary>
sealed record JobRun(
    JobOrder Order, string Folder, RecipientList List, Verdict[] Expected, CommandResult Plan, CommandResult Run)
{
    public static async Task<JobRun> MakeAsync(Site site, WorldJobs world, string job)
    {
        var order = WorldJobs.Order(job);
        var list = world.List(job);
        var folder = Path.Combine(site.Folder, $"job-{job}");
        JobFolder.Write(folder, order, list, WorldLetter.Markdown);
        var plan = await site.RunAsync("plan", folder, "--json");
        var run = await site.RunAsync("run", folder, "--json");
        return new(order, folder, list, world.Expect(job), plan, run.Expect(3));
    }

    public int Count(string effect) => Expected.Count(v => v.Effect == effect);
}
