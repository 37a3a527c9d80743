using Dispatch.PrintExport.Handoff;

namespace Dispatch.PrintExport.Tests.Handoff;

public sealed class HandoffRuleTests
{
    static readonly bool[] Either = [false, true];

    [Fact]
    public void Next_EveryCombination_IsAsTheTableSays()
    {
        var seen = 0;
        foreach (var facts in AllFacts())
        {
            Assert.True(Expected(facts) == HandoffRule.Next(facts), $"{facts} gave {HandoffRule.Next(facts)}");
            seen++;
        }

        Assert.Equal(4 * 32 * 27, seen);
    }

    [Fact]
    public void Next_TicketMayGoOut_OnlyWhenTheOthersAreOutAndNothingElseIsStaged() => Assert.All(
        AllFacts().Where(facts => HandoffRule.Next(facts) == HandoffStep.PlaceTicket),
        facts => Assert.True(facts is
        {
            Progress: BatchProgress.HandoffStarted,
            IsPdfStaged: false,
            IsManifestStaged: false,
            IsDamaged: false,
            Pdf: OutboxFile.Same,
            Manifest: OutboxFile.Same,
        }));

    [Fact]
    public void Next_ForeignFileInTheOutbox_IsNeverReplaced() => Assert.All(
        AllFacts().Where(facts => facts.Pdf == OutboxFile.Other),
        facts => Assert.NotEqual(HandoffStep.PlacePdf, HandoffRule.Next(facts)));

    static IEnumerable<HandoffFacts> AllFacts() =>
        from progress in Enum.GetValues<BatchProgress>()
        from pdfStaged in Either
        from manifestStaged in Either
        from ticketStaged in Either
        from ticketPrepared in Either
        from damaged in Either
        from pdf in Enum.GetValues<OutboxFile>()
        from manifest in Enum.GetValues<OutboxFile>()
        from ticket in Enum.GetValues<OutboxFile>()
        select new HandoffFacts(
            progress, pdfStaged, manifestStaged, ticketStaged, ticketPrepared, damaged, pdf, manifest, ticket);

    // The table, first line that fits: progress | staged pdf, manifest, ticket | prepared | damaged |
    // outbox pdf, manifest, ticket. 1 yes, 0 no, - absent, = same, ! other, . any.
    static HandoffStep Expected(HandoffFacts facts)
    {
        (string Pattern, HandoffStep Step)[] table =
        [
            ("H........", HandoffStep.Nothing),
            ("P........", HandoffStep.Compose),
            ("C.....!..", HandoffStep.Conflict),
            ("C......!.", HandoffStep.Conflict),
            ("C.......!", HandoffStep.Conflict),
            ("C111.....", HandoffStep.Start),
            ("C........", HandoffStep.Compose),
            ("S....1!..", HandoffStep.Conflict),
            ("S....1.!.", HandoffStep.Conflict),
            ("S....1..!", HandoffStep.Conflict),
            ("S....1...", HandoffStep.Compose),
            ("S0000....", HandoffStep.Record),
            ("S0001...!", HandoffStep.Conflict),
            ("S0001...-", HandoffStep.PublishTicket),
            ("S0001...=", HandoffStep.Record),
            ("S.....!..", HandoffStep.Conflict),
            ("S......!.", HandoffStep.Conflict),
            ("S.......!", HandoffStep.Conflict),
            ("S1.0.....", HandoffStep.Compose),
            ("S.10.....", HandoffStep.Compose),
            ("S1.1.....", HandoffStep.PlacePdf),
            ("S011.....", HandoffStep.PlaceManifest),
            ("S001..==.", HandoffStep.PlaceTicket),
            ("S001.....", HandoffStep.Compose),
        ];

        var line = Line(facts);
        return table.First(entry => Fits(entry.Pattern, line)).Step;
    }

    static string Line(HandoffFacts facts) => string.Concat(
        "PCSH"[(int)facts.Progress], Bit(facts.IsPdfStaged), Bit(facts.IsManifestStaged), Bit(facts.IsTicketStaged))
        + string.Concat(
            Bit(facts.IsTicketPrepared), Bit(facts.IsDamaged), "-=!"[(int)facts.Pdf], "-=!"[(int)facts.Manifest],
            "-=!"[(int)facts.Ticket]);

    static char Bit(bool value) => value ? '1' : '0';

    static bool Fits(string pattern, string line) =>
        pattern.Zip(line).All(pair => pair.First is '.' || pair.First == pair.Second);
}
