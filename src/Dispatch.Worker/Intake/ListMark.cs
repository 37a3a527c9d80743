using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Intake;

/// <summary>
/// What the first bytes of a list tell: a byte order mark, another kind of file altogether, or UTF-16 without its mark.
/// Nothing is guessed from them; they must agree with what job.json declares.
/// </summary>
readonly record struct ListMark(int Bytes, ListEncoding Encoding, IListDecoder Decoder)
{
    /// <summary>Bytes of the file's beginning that are looked at.</summary>
    public const int HeadBytes = 4096;

    static readonly (byte[] Start, string Format)[] Formats =
    [
        ([0x1F, 0x8B], "gzip"),
        ([.. "PK\x03\x04"u8], "zip or a spreadsheet (xlsx)"),
        ([.. "PK\x05\x06"u8], "an empty zip"),
        ([.. "%PDF-"u8], "PDF"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old spreadsheet (xls)"),
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "7z"),
        ([0xFD, .. "7zXZ"u8, 0], "xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([.. "BZh91AY&SY"u8], "bzip2"),
        ([0x89, .. "PNG\r\n\x1A\n"u8], "PNG"),
        ([0xFF, 0xD8, 0xFF], "JPEG"),
    ];

    /// <exception cref="DispatchException"><c>file.empty</c>, <c>file.not_text</c>, <c>encoding.unsupported</c>,
    /// <c>encoding.invalid</c>.</exception>
    public static ListMark Read(ReadOnlySpan<byte> head, long fileBytes, ListEncoding declared, string fileName)
    {
        var name = ShownName.Of(fileName);
        foreach (var (start, format) in Formats)
        {
            if (head.StartsWith(start))
            {
                throw new DispatchException(
                    "file.not_text", $"{name} is {format}, expected text with one row a line; unpack or export it as "
                    + "CSV");
            }
        }

        var found = Find(head);
        var bytes = found switch { null => 0, ListEncoding.Utf8 => 3, _ => 2 };
        if (fileBytes == bytes)
        {
            throw new DispatchException(
                "file.empty", $"{name} holds nothing, expected a header and at least one row; make the list again");
        }

        if (found is { } mark && mark != declared)
        {
            throw new DispatchException(
                "encoding.unsupported",
                $"{name} begins with the byte order mark of {Name(mark)}, expected {Name(declared)} as "
                + "recipients.encoding says; correct one of the two");
        }

        if (declared == ListEncoding.Utf16 && found is null)
        {
            throw new DispatchException(
                "encoding.invalid",
                $"{name} line 1 begins without a byte order mark, expected one as utf-16 needs it; save it with the "
                + "mark");
        }

        if (declared == ListEncoding.Utf8 && LooksLikeUtf16(head))
        {
            throw new DispatchException(
                "encoding.invalid",
                $"{name} line 1 has a NUL at every second byte as UTF-16 without its mark has, expected "
                + $"{Name(declared)}; save it as UTF-8");
        }

        return new(bytes, declared, declared switch
        {
            ListEncoding.Windows1252 => new Windows1252Decoder(),
            ListEncoding.Utf16 => new Utf16Decoder(isBigEndian: head[0] == 0xFE),
            _ => new Utf8Decoder(),
        });
    }

    /// <summary>As job.json spells it.</summary>
    public static string Name(ListEncoding encoding) => encoding switch
    {
        ListEncoding.Windows1252 => "windows-1252",
        ListEncoding.Utf16 => "utf-16",
        _ => "utf-8",
    };

    static ListEncoding? Find(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => ListEncoding.Utf8,
        [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] => ListEncoding.Utf16,
        _ => null,
    };

    // A header is ASCII for the greater part, so nearly every unit has a NUL half, always the same one.
    static bool LooksLikeUtf16(ReadOnlySpan<byte> head)
    {
        var pairs = head.Length / 2;
        Span<int> zeros = [0, 0];
        for (var i = 0; i < pairs * 2; i++)
        {
            zeros[i & 1] += head[i] == 0 ? 1 : 0;
        }

        return pairs > 1 && (zeros[0] * 2 > pairs || zeros[1] * 2 > pairs);
    }
}
