using Dispatch.Routing;

namespace Dispatch.PrintExport.Handoff;

/// <summary>Says of a failed write what the operator can do about it.</summary>
public static class FileFault
{
    /// <summary>
    /// A full disk passes (75, <c>disk.full</c>), missing rights are configuration (78,
    /// <paramref name="notWritableCode"/>); null for anything else.
    /// </summary>
    /// <param name="path">The file or folder that was to be written.</param>
    /// <param name="notWritableCode">For instance <c>outbox.not_writable</c>.</param>
    public static DispatchException? From(Exception exception, string path, string notWritableCode) => exception switch
    {
        IOException { HResult: Errno.NoSpace or Errno.QuotaExceeded } => new(
            "disk.full",
            $"no space left to write '{path}'; free space on that file system and run the command again",
            ExitCode.TryAgain,
            exception),
        UnauthorizedAccessException or IOException
        {
            HResult: Errno.AccessDenied or Errno.NotPermitted or Errno.ReadOnly
        } => new(
            notWritableCode,
            $"cannot write '{path}': expected a folder this user may write to; "
            + "give it the rights (or mount it writable) and run the command again",
            ExitCode.Configuration,
            exception),
        _ => null,
    };
}
