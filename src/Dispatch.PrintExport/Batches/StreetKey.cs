namespace Dispatch.PrintExport.Batches;

/// <summary>
/// A run of bytes whose plain byte order is the presort order of address blocks in one postcode: lines from the last
/// to the first (district, street, place, name), digits by their number, so that house 9 stands before house 10 and
/// one household stands together.
/// </summary>
public static class StreetKey
{
    // Longer blocks than this differ early enough; the row number settles the rest.
    const int BytesMax = 128;

    /// <param name="block">Lines of the address window in UTF-8, joined by LF.</param>
    public static byte[] From(ReadOnlySpan<byte> block)
    {
        Span<byte> key = stackalloc byte[BytesMax];
        var length = 0;
        while (length < BytesMax)
        {
            var lineBreak = block.LastIndexOf((byte)'\n');
            length += WriteLine(block[(lineBreak + 1)..], key[length..]);
            if (lineBreak < 0)
            {
                break;
            }

            block = block[..lineBreak];
        }

        return key[..length].ToArray();
    }

    /// <summary>
    /// The same order, but the lines below the name come whole before it: no other spelling of the house number and no
    /// neighbour with a line more (c/o, floor) stands between two who have the same lines.
    /// </summary>
    /// <param name="name">First line of the block.</param>
    /// <param name="address">The lines below it, joined by LF.</param>
    public static byte[] FromHousehold(ReadOnlySpan<byte> name, ReadOnlySpan<byte> address) =>
        [.. From(address), .. address, 0, .. From(name)];

    static int WriteLine(ReadOnlySpan<byte> line, Span<byte> key)
    {
        var at = 0;
        for (var i = 0; i < line.Length && at < key.Length; i++)
        {
            if (!char.IsAsciiDigit((char)line[i]))
            {
                key[at++] = line[i];
                continue;
            }

            // A number is written as the count of its digits and then the digits: shorter numbers sort first.
            var run = line[i..];
            var end = run.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            run = end < 0 ? run : run[..end];
            i += run.Length - 1;
            run = run.TrimStart((byte)'0');
            key[at++] = (byte)('0' + Math.Min(run.Length, 9));
            run = run[..Math.Min(run.Length, key.Length - at)];
            run.CopyTo(key[at..]);
            at += run.Length;
        }

        if (at < key.Length)
        {
            key[at++] = 0;
        }

        return at;
    }
}
