using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Intake;

/// <summary>The list of a job folder that was accepted from an inbox. It stands sealed in the spool and must not lie in
/// the clear beside it; order, letter and pictures stay as the sender's receipt.</summary>
static class AcceptedList
{
    /// <param name="accepted">The folder of accepted ones.</param>
    /// <returns>False when it is there and cannot be removed.</returns>
    public static bool TryRemove(SafeFileHandle accepted, string name, IntakeLimits limits)
    {
        try
        {
            using var folder = FileCalls.OpenFolder(accepted, name);
            return folder is null || FindName(folder, limits) is not { } list || FolderCalls.TryRemove(folder, list);
        }
        catch (IOException)
        {
            return false; // others have their turn
        }
    }

    static string? FindName(SafeFileHandle folder, IntakeLimits limits)
    {
        try
        {
            using var job = JobFolder.Open(FileCalls.PathOf(folder), limits);
            return job.Order.Recipients.File;
        }
        catch (DispatchException)
        {
            return null; // somebody else put it there: no job, and no list of one
        }
    }
}
