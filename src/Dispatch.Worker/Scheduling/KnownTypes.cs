using Quartz.Extensibility;

namespace Dispatch.Worker.Scheduling;

/// <summary>Finds the types of the jobs there are by the names in the scheduler's tables, and loads nothing
/// else.</summary>
sealed class KnownTypes : ITypeLoader
{
    static readonly Type[] All = [typeof(ReleaseJob), typeof(ShardJob), typeof(FinishJob), typeof(DailyJob)];

    public Type? LoadType(string? name) =>
        All.FirstOrDefault(type => name?.Split(',')[0] == type.FullName);
}
