using System.Runtime.InteropServices;

namespace Dispatch.PrintExport.Handoff;

/// <summary>The Linux error numbers a hand-off tells apart; .NET keeps them in
/// <see cref="Exception.HResult"/>.</summary>
static class Errno
{
    public const int NotPermitted = 1;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int DifferentFileSystem = 18;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int NotImplemented = 38;
    public const int QuotaExceeded = 122;

    public static IOException Exception(int errno, string path) =>
        new($"{Marshal.GetPInvokeErrorMessage(errno)}: '{path}'", errno);
}
