namespace Dispatch.System.Tests.Running;

/// <summary>Waits for what another process brings about.</summary>
static class Until
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <param name="what">Said when it does not come in time.</param>
    public static async Task TrueAsync(string what, TimeSpan limit, Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(Period);
        using var end = new CancellationTokenSource(limit);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{what} did not come about within {limit}");
            }
        }
    }
}
