using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Dispatch.Routing.Register;

/// <summary>Asks memory for places that are read soon, and does not wait for them. Does nothing where .NET knows no
/// such instruction.</summary>
static unsafe class MemoryFetch
{
    const int LineBytes = 64;

    public static bool IsSupported => Sse.IsSupported;

    // The address may be an old one by then, if the collector moved the array: that is a wasted fetch, no more.
    public static void Begin<T>(ref readonly T place)
        where T : unmanaged
    {
        if (IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
        }
    }

    /// <summary>All of it: meant for a few hundred bytes at most.</summary>
    public static void Begin<T>(ReadOnlySpan<T> places)
        where T : unmanaged
    {
        if (IsSupported)
        {
            var first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(places));
            var end = first + places.Length * sizeof(T);
            for (var line = first - (nuint)first % LineBytes; line < end; line += LineBytes)
            {
                Sse.Prefetch0(line);
            }
        }
    }
}
