using CsvHelper;
using Dispatch.Routing.Pipeline;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Intake;

namespace Dispatch.Benchmarks.Work;

/// <summary>A block of a list: its records found, its fields read, its rows decided.</summary>
sealed class ReadRows(TaxList list)
{
    readonly RowRouter _router = new(
        list.Routing.Columns, list.Routing.Policy, list.Register, list.Routing.ReleaseDate);

    readonly byte[] _values = new byte[4_096];

    /// <summary>The least a reader of bytes does: looks at each one.</summary>
    public int LookAtEachByte()
    {
        var marks = 0;
        foreach (var letter in list.Text)
        {
            marks += letter == ';' ? 1 : 0;
            marks += letter == '\n' ? 1 : 0;
        }

        return marks;
    }

    /// <summary>Lines that end wherever a line break stands, quotes or not.</summary>
    public int FindLineBreaks()
    {
        var lines = 0;
        ReadOnlySpan<byte> text = list.Text;
        while (text.IndexOf((byte)'\n') is >= 0 and var end)
        {
            lines++;
            text = text[(end + 1)..];
        }

        return lines;
    }

    public int FindRecords()
    {
        var scanner = new RecordScanner(list.Routing.Separator);
        var records = 0;
        for (var start = 0; scanner.Next(list.Text, start, true, out var end) == RecordScanner.Step.Record; start = end)
        {
            records++;
        }

        return records;
    }

    public int ReadFields()
    {
        using var reader = CsvReader.Create(list.Text, ListDialect.Options(list.Routing.Separator));
        var bytes = 0;
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                bytes += reader.GetSpan(i).Length;
            }
        }

        return bytes;
    }

    public int Route()
    {
        using var reader = CsvReader.Create(list.Text, ListDialect.Options(list.Routing.Separator));
        var row = new CsvRowView(reader);
        var bytes = 0;
        while (reader.Read())
        {
            bytes += _router.Route(row, _values, isDuplicate: false).ValuesLength;
        }

        return bytes;
    }
}
