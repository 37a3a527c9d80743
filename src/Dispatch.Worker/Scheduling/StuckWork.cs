namespace Dispatch.Worker.Scheduling;

/// <summary>
/// Work that the scheduler says it is starting and that nobody is at. For a moment that is as it should be; a node that
/// lost its database in the middle of a start leaves it so for good, and lives on, so that no other node takes it over.
/// </summary>
/// <param name="patience">How long it may stay so.</param>
sealed class StuckWork(TimeProvider clock, TimeSpan patience)
{
    readonly Dictionary<Work, long> _since = [];

    /// <param name="started">What is so now.</param>
    /// <returns>What has been so for too long; it is forgotten here.</returns>
    public IReadOnlyList<Work> Find(IReadOnlyList<Work> started)
    {
        foreach (var gone in _since.Keys.Except(started).ToList())
        {
            _since.Remove(gone);
        }

        var stuck = new List<Work>();
        foreach (var work in started)
        {
            if (!_since.TryAdd(work, clock.GetTimestamp()) && clock.GetElapsedTime(_since[work]) >= patience)
            {
                stuck.Add(work);
                _since.Remove(work);
            }
        }

        return stuck;
    }
}
