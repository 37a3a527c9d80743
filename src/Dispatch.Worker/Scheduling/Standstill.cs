namespace Dispatch.Worker.Scheduling;

/// <summary>
/// What is as it should be for a moment and must not stay so: work that the scheduler says it is starting and that
/// nobody is at, a transaction that others wait for and that does nothing. Who caused it may live on, so that nobody
/// takes over from it.
/// </summary>
/// <typeparam name="T">Another value once something moved.</typeparam>
/// <param name="patience">How long it may stay so.</param>
sealed class Standstill<T>(TimeProvider clock, TimeSpan patience)
    where T : notnull
{
    readonly Dictionary<T, long> _since = [];

    /// <param name="standing">What is so now.</param>
    /// <param name="isWanted">Asked of what has been so for too long; null = all of it.</param>
    /// <returns>What has been so at every look for too long and is wanted; it is forgotten here.</returns>
    public IReadOnlyList<T> Find(IReadOnlyCollection<T> standing, Predicate<T>? isWanted = null)
    {
        foreach (var gone in _since.Keys.Except(standing).ToList())
        {
            _since.Remove(gone);
        }

        var found = new List<T>();
        foreach (var one in standing)
        {
            if (!_since.TryAdd(one, clock.GetTimestamp()) && clock.GetElapsedTime(_since[one]) >= patience
                && (isWanted?.Invoke(one) ?? true))
            {
                found.Add(one);
                _since.Remove(one);
            }
        }

        return found;
    }
}
