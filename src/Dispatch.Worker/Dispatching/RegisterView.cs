using Dispatch.Routing.Register;

namespace Dispatch.Worker.Dispatching;

/// <summary>The register for one job: loaded once, loaded again when a newer version is there.</summary>
sealed class RegisterView(
    Func<CancellationToken, Task<long>> version, Func<CancellationToken, Task<RegisterSnapshot>> load)
    : IDisposable
{
    /// <summary>How often a decision is begun again because the register moved on. Each time it is read anew, which
    /// takes longer than most imports are apart.</summary>
    public const int AttemptsMax = 5;

    readonly SemaphoreSlim _loading = new(1, 1);
    RegisterSnapshot? _snapshot;

    public async Task<RegisterSnapshot> CurrentAsync(CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            if (_snapshot == null || _snapshot.Version != await version(ct))
            {
                _snapshot = null;   // two of them at once would not fit the memory we promise
                _snapshot = await load(ct);
            }

            return _snapshot;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();
}
