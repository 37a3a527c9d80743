namespace Dispatch.System.Tests.Faults;

/// <summary>All faults there are cases of.</summary>
static class FaultCases
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. ProcessFaults.All, .. DatabaseFaults.All, .. FolderFaults.All, .. ClusterFaults.All, .. MachineFaults.All,
        .. PermissionFaults.All, .. LostWriteFaults.All, .. SegmentFaults.All, .. BlockedFaults.All,
        .. SweepFaults.All, .. RegisterFaults.All, .. DamageFaults.All,
    ];

    /// <summary>The telling ones, or what DISPATCH_FAULTS asks for: <c>all</c>, or ids with commas between.</summary>
    public static IEnumerable<FaultCase> Chosen() =>
        Environment.GetEnvironmentVariable("DISPATCH_FAULTS") is not { Length: > 0 } asked
            ? All.Where(fault => fault.IsTelling)
            : All.Where(fault => asked == "all" || asked.Split(',').Contains(fault.Id));
}
