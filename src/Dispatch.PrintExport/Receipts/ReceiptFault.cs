using Dispatch.Routing;

namespace Dispatch.PrintExport.Receipts;

/// <summary>
/// Why a receipt file is not taken; nothing of it is. The messages quote nothing from the file but line numbers: it
/// comes from outside.
/// </summary>
public static class ReceiptFault
{
    public static DispatchException Encoding(int line) => At(
        "receipt.encoding", line, "a character outside printable ASCII", "ASCII text only");

    public static DispatchException LineTooLong(int line, int bytesMax) => At(
        "receipt.line_too_long", line, "a line that is too long", $"at most {bytesMax} bytes");

    public static DispatchException Header() => At(
        "receipt.header", 1, "another header", $"'{ReceiptColumn.Header}'");

    public static DispatchException Fields(int line) => At(
        "receipt.fields", line, "another number of fields", $"{ReceiptColumn.Count}, separated by ';', unquoted");

    public static DispatchException Value(string code, int line, int column, string expected) => At(
        code, line, $"a value of column '{ReceiptColumn.Name(column)}' that is not of its form", expected);

    public static DispatchException EndMissing(int line) => At(
        "receipt.end_missing", line, "the end of the file", "a last line '#end;COUNT': the file is not whole");

    public static DispatchException EndCount(int line) => At(
        "receipt.end_count", line, "another count than lines before it", "'#end;COUNT' with the number of receipts");

    public static DispatchException AfterEnd(int line) => At(
        "receipt.after_end", line, "text after the end line", "nothing more");

    public static DispatchException TooLarge(long bytesMax) => new(
        "receipt.too_large",
        $"the receipt file has more than {bytesMax} bytes, expected at most that; let the print house send "
        + "it in parts, or raise Limits:ReceiptBytesMax");

    public static DispatchException At(string code, int line, string found, string expected) => new(
        code,
        $"line {line} of the receipt file has {found}, expected {expected}; let the print house send a "
        + "right file");
}
