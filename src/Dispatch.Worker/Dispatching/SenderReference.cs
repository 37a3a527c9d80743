using System.Buffers.Text;
using Dispatch.Routing.Pipeline;

namespace Dispatch.Worker.Dispatching;

/// <summary>The sender's own id of a letter, as it may stand in clear beside a held or refused row.</summary>
static class SenderReference
{
    /// <summary>Longest reference kept in clear, in bytes.</summary>
    public const int BytesMax = 256;

    static ReadOnlySpan<byte> Masked => "(cpr)"u8;

    /// <summary>The reference in front of encoded values; masked when it holds something that looks like a CPR number,
    /// which has no place outside the register, and cut to <see cref="BytesMax"/>.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> values)
    {
        var reference = LetterValues.First(values);
        if (LooksLikeCpr(reference))
        {
            return Masked;
        }

        var length = Math.Min(reference.Length, BytesMax);
        while (length < reference.Length && length > 0 && (reference[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return reference[..length];
    }

    /// <summary>Whether ten digits in a row, or six and four with a hyphen between, start with a day and
    /// month.</summary>
    public static bool LooksLikeCpr(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[10];
        for (var start = 0; start + 10 <= text.Length; start++)
        {
            var run = text[start..];
            run[..6].CopyTo(digits);
            if (run.Length > 10 && run[6] == '-')
            {
                run.Slice(7, 4).CopyTo(digits[6..]);
            }
            else
            {
                run.Slice(6, 4).CopyTo(digits[6..]);
            }

            if (Utf8Parser.TryParse(digits, out ulong number, out var used) && used == 10 && digits[0] is >= (byte)'0' and <= (byte)'3'
                && HasDate((uint)Math.Min(number, uint.MaxValue)))
            {
                return true;
            }
        }

        return false;
    }

    static bool HasDate(uint number) => Routing.Identity.CprNumber.BirthDayOf(number) >= 0;
}
