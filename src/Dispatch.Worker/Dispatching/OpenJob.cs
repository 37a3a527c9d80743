using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Dispatching;

/// <summary>A job with everything its chunks are routed with: letter, key, list, register. Any number of
/// threads.</summary>
sealed class OpenJob(
    AcceptedJob job, JobRouting routing, JobKey key, SpooledList list, RegisterView register) : IDisposable
{
    public AcceptedJob Job { get; } = job;

    public JobRouting Routing { get; } = routing;

    public JobKey Key { get; } = key;

    public ListSource List { get; } = new(list, key);

    public RegisterView Register { get; } = register;

    public void Dispose()
    {
        Register.Dispose();
        list.Dispose();
        Key.Dispose();
    }
}
