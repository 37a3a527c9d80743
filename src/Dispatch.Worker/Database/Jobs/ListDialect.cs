using System.Text;
using CsvHelper;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// How the text of a list is read, by whoever reads it: RFC 4180, strict in the quotes, any number of fields (a row with
/// too few or too many is refused by itself), empty lines are no rows, no value ever in an exception.
/// </summary>
static class ListDialect
{
    // Says that the text is UTF-8: without it a reader takes a row that begins with U+FEFF for a file with a byte order
    // mark, and what a row says would depend on where the chunks were cut.
    static readonly UTF8Encoding Utf8WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    public static CsvReaderOptions Options(char separator) => new()
    {
        Separator = separator,
        HasHeader = false,
        DetectSeparatorHint = false,
        Encoding = Utf8WithoutMark,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        SkipEmptyLines = true,
        TrimWhitespace = false,
        IncludeValuesInExceptions = false,
    };
}
