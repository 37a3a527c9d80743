using Microsoft.Win32.SafeHandles;

namespace Dispatch.PrintExport.Pdf;

/// <summary>A part of a file in memory that moves with what is asked for: bounded, and few reads when places
/// ascend.</summary>
/// <param name="bytesMax">Most bytes in memory, and most that can be asked for at once.</param>
sealed class FileWindow(SafeFileHandle file, int bytesMax)
{
    readonly byte[] _bytes = new byte[bytesMax];
    long _start;
    int _length;

    /// <summary>Up to <paramref name="length"/> bytes from a place on; fewer at the end of the file, none beyond
    /// it.</summary>
    public ReadOnlySpan<byte> From(long place, int length)
    {
        if (place < _start || place + length > _start + _length)
        {
            (_start, _length) = (place, RandomAccess.Read(file, _bytes, place));
        }

        var at = (int)(place - _start);
        return _bytes.AsSpan(at, Math.Min(length, _length - at));
    }
}
