using System.Text;

namespace Dispatch.Worker.Intake;

/// <summary>Windows-1252, one byte a character. The five bytes it leaves undefined become C1 controls, as Windows
/// itself does; the row they stand in is refused later for the character.</summary>
sealed class Windows1252Decoder : IListDecoder
{
    const int CodePage = 1252;

    static readonly byte[][] Table = MakeTable();

    public int Growth => 3;

    public bool TryDecode(ReadOnlySpan<byte> bytes, bool isFinal, Span<byte> utf8, out int read, out int written)
    {
        (read, written) = (bytes.Length, 0);
        while (!bytes.IsEmpty)
        {
            var plain = bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            plain = plain < 0 ? bytes.Length : plain;
            bytes[..plain].CopyTo(utf8[written..]);
            written += plain;
            bytes = bytes[plain..];
            for (; !bytes.IsEmpty && bytes[0] > 0x7F; bytes = bytes[1..])
            {
                var character = Table[bytes[0] - 0x80];
                character.CopyTo(utf8[written..]);
                written += character.Length;
            }
        }

        return true;
    }

    static byte[][] MakeTable()
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(CodePage)!;
        return
        [
            .. Enumerable.Range(0x80, 0x80).Select(code => Encoding.UTF8.GetBytes(encoding.GetString([(byte)code]))),
        ];
    }
}
