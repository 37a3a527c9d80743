using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Tests.Reporting;

public sealed class JobWaitTests
{
    static readonly DateTime Now = new(2026, 3, 8, 12, 0, 0, DateTimeKind.Utc);

    static readonly JobSituation Checked = new(7, "checked", 100, false, null, Now, 0, 0, null);

    [Theory]
    [InlineData("checked")]
    [InlineData("waiting")]
    public void Of_NotBeforeAhead_WaitsUntilThen(string state) => Assert.Equal(
        new JobWait("its notBefore", Now.AddHours(1)),
        JobWait.Of(Checked with { State = state, NotBefore = Now.AddHours(1) }));

    [Fact]
    public void Of_NotBeforePassed_WaitsForAProcess() => Assert.Equal(
        new JobWait("a process to see it through: dispatch run, or a worker"),
        JobWait.Of(Checked with { State = "waiting", NotBefore = Now.AddHours(-1) }));

    [Fact]
    public void Of_RunningWithNotBeforeAhead_WaitsForAProcess() =>
        Assert.Null(JobWait.Of(Checked with { State = "running", NotBefore = Now.AddHours(1) })?.Until);

    [Theory]
    [InlineData("running", 1, "its turn, at 600 letters an hour")]
    [InlineData("running", -1, "a process to see it through: dispatch run, or a worker")]
    [InlineData("composing", -1, "a process to see it through: dispatch run, or a worker")]
    public void Of_JobWithARate_WaitsForItsTurn(string state, int hours, string expected) => Assert.Equal(
        expected, JobWait.Of(Checked with { State = state, Pace = 600, NextTurn = Now.AddHours(hours) })?.For);

    [Fact]
    public void Of_LargeNumbers_AreWrittenAsInTheRestOfTheLine()
    {
        var running = Checked with { State = "running", Pace = 3_600, NextTurn = Now.AddHours(1) };
        Assert.Equal("its turn, at 3,600 letters an hour", JobWait.Of(running)?.For);
        var held = Checked with { State = "held", Rows = 12_000, PlannedRefused = 1_234 };
        Assert.StartsWith("a decision: 1,234 of 12,000 rows", JobWait.Of(held)?.For, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AwaitingApproval_SaysHowToApprove() =>
        Assert.Equal(
            "approval by a second operator: dispatch approve 7",
            JobWait.Of(Checked with { State = "awaiting_approval" })?.For);

    [Theory]
    [InlineData("completed")]
    [InlineData("cancelled")]
    [InlineData("refused")]
    public void Of_EndedJob_WaitsForNothing(string state) => Assert.Null(JobWait.Of(Checked with { State = state }));

    [Fact]
    public void Of_LiveJob_WaitsForNothing() => Assert.Null(JobWait.Of(Checked with { IsLive = true }));
}
