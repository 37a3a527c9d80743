using Dispatch.Routing;

namespace Dispatch.Worker.Intake;

/// <summary>What a job folder's order says of its files.</summary>
/// <param name="IsThere">The list, the letter and the pictures that names are there; or something is wrong that no more
/// files mend.</param>
/// <param name="IsDeclared">The order says how many rows the list has, or what its hash is: half a list is not taken
/// for the whole.</param>
readonly record struct InboxOrder(bool IsThere, bool IsDeclared)
{
    public static InboxOrder Read(string path, IntakeLimits limits)
    {
        var isDeclared = false;
        try
        {
            using var folder = JobFolder.Open(path, limits, followsLink: false);
            isDeclared = folder.Order.Recipients is { ExpectedRows: not null } or { Sha256: not null };
            folder.DemandFiles();
            return new(true, isDeclared);
        }
        catch (DispatchException fault)
        {
            return new(fault.Code is not ("job.missing" or "file.missing" or "file.unstable"), isDeclared);
        }
    }
}
