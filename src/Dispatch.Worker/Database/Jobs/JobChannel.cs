namespace Dispatch.Worker.Database.Jobs;

/// <summary>Which ways the sender allows.</summary>
enum JobChannel
{
    Auto,
    DigitalOnly,
    PaperOnly,
}
