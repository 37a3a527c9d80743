using Dispatch.Worker.Notices;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Makes the notices of completed jobs and sends those that are due, as <c>notices send</c> would.</summary>
sealed class NoticeWatch(CommandContext context, Engine engine, NoticeLanes lanes, Duty duty)
    : Watch(context, TimeSpan.FromSeconds(1))
{
    readonly NoticeMaking _making = new(engine.Db, context.Settings.Notices);

    protected override async Task RoundAsync(CancellationToken ct)
    {
        if (!duty.MayTake)
        {
            return;
        }

        foreach (var (jobId, notices) in await _making.RunAsync(ct))
        {
            Log.NoticesMade(Logger, jobId, notices);
        }

        var counts = await lanes.RunAsync(() => duty.MayTake, ct);
        if (counts.Sent + counts.Failed + counts.Dropped > 0)
        {
            Log.NoticesSent(Logger, counts.Sent, counts.Failed, counts.Dropped);
        }
    }
}
