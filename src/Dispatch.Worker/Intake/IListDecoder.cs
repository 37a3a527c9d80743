namespace Dispatch.Worker.Intake;

/// <summary>Turns the bytes of a list into proved UTF-8.</summary>
interface IListDecoder
{
    /// <summary>Bytes one byte of input may become at most, rounded up.</summary>
    int Growth { get; }

    /// <summary>Decodes what forms whole characters; the rest is to be given again with more behind it.</summary>
    /// <param name="isFinal">Nothing follows: a character cut short is a fault.</param>
    /// <param name="utf8">Has <see cref="Growth"/> bytes for each byte given.</param>
    /// <returns>False when the bytes from <paramref name="read"/> on are no character of the encoding; what is before
    /// them was decoded.</returns>
    bool TryDecode(ReadOnlySpan<byte> bytes, bool isFinal, Span<byte> utf8, out int read, out int written);
}
