using Dispatch.Worker.Commands.Serving;
using Dispatch.Worker.Dispatching;

namespace Dispatch.Worker.Tests.Commands;

public sealed class WorkDeskTests
{
    [Theory]
    [InlineData((int)RunStep.AwaitingApproval, "awaiting_approval")]
    [InlineData((int)RunStep.Held, "held")]
    [InlineData((int)RunStep.Waiting, "waiting")]
    [InlineData((int)RunStep.Paused, "paused")]
    [InlineData((int)RunStep.Cancelled, "cancelled")]
    public void StateOf_Step_IsTheStateOfTheJob(int step, string state) =>
        Assert.Equal(state, WorkDesk.StateOf((RunStep)step));
}
