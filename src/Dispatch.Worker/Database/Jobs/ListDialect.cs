using CsvHelper;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// How the text of a list is read, by whoever reads it: RFC 4180, strict in the quotes, any number of fields (a row
/// with too few or too many is refused by itself), empty lines are no rows, no value ever in an exception.
/// </summary>
static class ListDialect
{
    public static CsvReaderOptions Options(char separator) => new()
    {
        Separator = separator,
        HasHeader = false,
        DetectSeparatorHint = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        SkipEmptyLines = true,
        TrimWhitespace = false,
        IncludeValuesInExceptions = false,
    };
}
