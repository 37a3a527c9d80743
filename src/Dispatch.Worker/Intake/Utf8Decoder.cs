using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Dispatch.Worker.Intake;

/// <summary>UTF-8 stays as it is, once it is proved: no overlong form, no surrogate, nothing cut short (RFC
/// 3629).</summary>
sealed class Utf8Decoder : IListDecoder
{
    public int Growth => 1;

    public bool TryDecode(ReadOnlySpan<byte> bytes, bool isFinal, Span<byte> utf8, out int read, out int written)
    {
        read = isFinal ? bytes.Length : bytes.Length - CutShort(bytes);
        var isValid = Utf8.IsValid(bytes[..read]);
        if (!isValid)
        {
            read = ValidLength(bytes);
        }

        bytes[..read].CopyTo(utf8);
        written = read;
        return isValid;
    }

    // Bytes at the end that begin a character whose rest has not come yet.
    static int CutShort(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var lead = bytes[^back];
            if ((lead & 0xC0) != 0x80)
            {
                var needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
                return needed > back ? back : 0;
            }
        }

        return 0;
    }

    static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
