using System.Runtime.InteropServices;

namespace Dispatch.Speed.Tests;

/// <summary>Processor time of the calling thread: stands still while others have the processor.</summary>
static partial class ThreadClock
{
    const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID: clock_gettime(2)

    public static TimeSpan Now
    {
        get
        {
            Assert.Equal(0, GetTime(ThreadProcessorTime, out var time));
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1e3);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
