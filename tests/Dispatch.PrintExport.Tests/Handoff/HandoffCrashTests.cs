using Dispatch.PrintExport.Handoff;

namespace Dispatch.PrintExport.Tests.Handoff;

/// <summary>
/// A world of one batch, two folders and a database, in which the run can stop after every single write, and the print
/// house takes the files as soon as the ticket is there. All ways through it are walked.
/// </summary>
public sealed class HandoffCrashTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Next_StoppedAfterAnyWrite_TicketGoesOutExactlyOnce(bool isOneFileSystem)
    {
        var ends = 0;
        var seen = new HashSet<World>();
        var open = new Stack<World>([new World { Progress = BatchProgress.Planned }]);
        while (open.TryPop(out var world))
        {
            Assert.InRange(world.Published, 0, 1);
            if (!seen.Add(world))
            {
                continue;
            }

            var step = HandoffRule.Next(world.Look());
            if (step == HandoffStep.Nothing)
            {
                Assert.Equal(1, world.Published);
                ends++;
                continue;
            }

            // After each single write of the step the run stops and starts again: the rule looks afresh at what lies
            // there.
            foreach (var after in Writes(step, world, isOneFileSystem))
            {
                open.Push(after);
                PushDisturbed(after, open);
            }
        }

        Assert.True(ends > 0);
    }

    static void PushDisturbed(World world, Stack<World> open)
    {
        if (world.Ticket)
        {
            open.Push(world with { Pdf = false, Manifest = false, Ticket = false });
            open.Push(world with { Ticket = false });
        }

        // A power cut, after a disk that did not keep what it said: the names are there, and less behind them.
        if (world.StagedPdf || world.StagedManifest || world.StagedTicket || world.Prepared)
        {
            open.Push(world with
            {
                StagedPdf = false,
                StagedManifest = false,
                StagedTicket = false,
                Prepared = false,
                IsDamaged = true,
            });
        }

        if (world.Progress is BatchProgress.Planned or BatchProgress.Composed)
        {
            // A cleaner empties the staging folder before the hand-off.
            open.Push(world with { StagedPdf = false });
            open.Push(world with { StagedPdf = false, StagedManifest = false, StagedTicket = false });
        }
    }

    /// <summary>The step's writes, cumulated: what a stop right after each of them leaves.</summary>
    static IEnumerable<World> Writes(HandoffStep step, World world, bool isOneFileSystem)
    {
        switch (step)
        {
            case HandoffStep.Compose:
                yield return world = world with { StagedPdf = true };
                yield return world = world with { StagedManifest = true };
                yield return world = world with { StagedTicket = true, IsDamaged = false };
                yield return world with
                {
                    Progress = world.Progress == BatchProgress.Planned ? BatchProgress.Composed : world.Progress,
                };
                break;
            case HandoffStep.Start:
                yield return world with { Progress = BatchProgress.HandoffStarted };
                break;
            case HandoffStep.PlacePdf:
                if (!isOneFileSystem)
                {
                    yield return world with { Pdf = true };
                }

                yield return world with { Pdf = true, StagedPdf = false };
                break;
            case HandoffStep.PlaceManifest:
                if (!isOneFileSystem)
                {
                    yield return world with { Manifest = true };
                }

                yield return world with { Manifest = true, StagedManifest = false };
                break;
            case HandoffStep.PlaceTicket when isOneFileSystem:
                Assert.True(world is { Pdf: true, Manifest: true }, "the ticket went before the files it speaks of");
                yield return world with { Ticket = true, StagedTicket = false, Published = world.Published + 1 };
                break;
            case HandoffStep.PlaceTicket:
                yield return world with { Prepared = true };
                yield return world with { Prepared = true, StagedTicket = false };
                break;
            case HandoffStep.PublishTicket:
                Assert.True(world is { Pdf: true, Manifest: true }, "the ticket went before the files it speaks of");
                yield return world with { Prepared = false, Ticket = true, Published = world.Published + 1 };
                break;
            case HandoffStep.Record:
                yield return world with { Progress = BatchProgress.HandedOff };
                break;
            default:
                Assert.Fail($"{step} in {world}");
                break;
        }
    }

    sealed record World
    {
        public BatchProgress Progress { get; init; }

        public bool StagedPdf { get; init; }

        public bool StagedManifest { get; init; }

        public bool StagedTicket { get; init; }

        public bool Prepared { get; init; }

        public bool IsDamaged { get; init; }

        public bool Pdf { get; init; }

        public bool Manifest { get; init; }

        public bool Ticket { get; init; }

        public int Published { get; init; }

        public HandoffFacts Look() => new(
            Progress, StagedPdf, StagedManifest, StagedTicket, Prepared, IsDamaged, Found(Pdf), Found(Manifest),
            Found(Ticket));

        static OutboxFile Found(bool isThere) => isThere ? OutboxFile.Same : OutboxFile.Absent;
    }
}
