namespace Dispatch.PrintExport.Handoff;

/// <summary>
/// Decides the next step of a batch's way to the print house so that it gets there exactly once, wherever a run
/// stopped. The argument: the ticket leaves the staging folder in one atomic rename, after everything else; so a batch
/// whose handoff has started was handed off exactly if its ticket is gone, even when the print house has taken the
/// files already. A PDF or manifest still staged proves that a missing ticket was lost and not handed off; so does a
/// file whose bytes a disk lost.
/// </summary>
public static class HandoffRule
{
    public static HandoffStep Next(in HandoffFacts facts) => facts.Progress switch
    {
        BatchProgress.Planned => HandoffStep.Compose,
        BatchProgress.Composed => NextComposed(facts),
        BatchProgress.HandoffStarted => NextStarted(facts),
        _ => HandoffStep.Nothing,
    };

    static HandoffStep NextComposed(in HandoffFacts facts)
    {
        if (HasConflict(facts))
        {
            return HandoffStep.Conflict;
        }

        return facts.IsPdfStaged && facts.IsManifestStaged && facts.IsTicketStaged
            ? HandoffStep.Start
            : HandoffStep.Compose;
    }

    static HandoffStep NextStarted(in HandoffFacts facts)
    {
        if (facts.IsDamaged)
        {
            return HasConflict(facts) ? HandoffStep.Conflict : HandoffStep.Compose;
        }

        if (!facts.IsTicketStaged)
        {
            return NextWithoutTicket(facts);
        }

        if (HasConflict(facts))
        {
            return HandoffStep.Conflict;
        }

        if (facts.IsPdfStaged)
        {
            return HandoffStep.PlacePdf;
        }

        if (facts.IsManifestStaged)
        {
            return HandoffStep.PlaceManifest;
        }

        // Before its ticket is out, the print house leaves a batch alone: what is missing now was lost.
        return facts is { Pdf: OutboxFile.Same, Manifest: OutboxFile.Same }
            ? HandoffStep.PlaceTicket
            : HandoffStep.Compose;
    }

    static HandoffStep NextWithoutTicket(in HandoffFacts facts)
    {
        if (facts.IsPdfStaged || facts.IsManifestStaged)
        {
            return HasConflict(facts) ? HandoffStep.Conflict : HandoffStep.Compose;
        }

        if (!facts.IsTicketPrepared)
        {
            return HandoffStep.Record;
        }

        return facts.Ticket switch
        {
            OutboxFile.Absent => HandoffStep.PublishTicket,
            OutboxFile.Same => HandoffStep.Record,
            _ => HandoffStep.Conflict,
        };
    }

    static bool HasConflict(in HandoffFacts facts) =>
        facts.Pdf == OutboxFile.Other || facts.Manifest == OutboxFile.Other || facts.Ticket == OutboxFile.Other;
}
