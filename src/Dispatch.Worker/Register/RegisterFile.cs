using System.Text.Unicode;
using CsvHelper;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Register;

/// <summary>
/// One CSV file of a register folder, read strictly: UTF-8, every column by its name and no other, every record with as
/// many fields as the header. A fault names file, line and column, never the value.
/// </summary>
sealed class RegisterFile : IDisposable
{
    /// <summary>Largest record in bytes; keeps a lost quote from swallowing the file.</summary>
    public const int RecordBytesMax = ushort.MaxValue;

    const int BufferBytes = 256 * 1024;

    readonly CsvReader _reader;
    readonly IReadOnlyList<string> _columns;
    readonly int[] _positions;

    RegisterFile(string path, CsvReader reader, IReadOnlyList<string> columns, int[] positions)
    {
        Path = path;
        _reader = reader;
        _columns = columns;
        _positions = positions;
    }

    public string Path { get; }

    /// <summary>1-based line on which the current record starts.</summary>
    public long Line => _reader.LineNumber;

    /// <summary>Byte of the file at which the current record starts.</summary>
    public long Offset => _reader.ByteOffset;

    /// <summary>Bytes of the current record, without its line break.</summary>
    public int Length => _reader.RawRecord.Length;

    /// <summary>The field of a column, unquoted; valid until the next read.</summary>
    /// <param name="column">Index into the columns the file was opened with.</param>
    public ReadOnlySpan<byte> this[int column] => _reader.GetSpan(_positions[column]);

    /// <returns>Null when the file does not exist.</returns>
    /// <exception cref="DispatchException"><c>register.encoding</c>, <c>register.header</c>, <c>register.csv</c>,
    /// <c>register.unreadable</c>.</exception>
    public static RegisterFile? Open(string folder, string name, IReadOnlyList<string> columns)
    {
        var path = System.IO.Path.Combine(folder, name);
        var stream = OpenStream(path);
        if (stream is null)
        {
            return null;
        }

        var reader = CsvReader.Create(stream, Options(hasHeader: true));
        try
        {
            return new(path, reader, columns, Positions(reader, path, columns));
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the records of this file again, in another order or from another place.</summary>
    /// <param name="records">Records without the header; disposed of with the result.</param>
    public RegisterFile Reread(Stream records) =>
        new(Path, CsvReader.Create(records, Options(hasHeader: false)), _columns, _positions);

    /// <exception cref="DispatchException"><c>register.csv</c>, <c>register.columns</c>, <c>register.encoding</c>,
    /// <c>register.value</c>.</exception>
    public bool Read()
    {
        try
        {
            if (!_reader.Read())
            {
                return false;
            }
        }
        catch (CsvFormatException fault)
        {
            throw Malformed(Path, fault);
        }

        var record = _reader.RawRecord;
        if (_reader.FieldCount != _positions.Length || record.Length > RecordBytesMax || record.Contains((byte)0)
            || !Utf8.IsValid(record))
        {
            throw RecordFault(record.Length);
        }

        return true;
    }

    /// <summary>The current record holds a value that the column cannot take.</summary>
    public DispatchException ValueFault(int column, string expected) =>
        new("register.value",
            $"a value of another form in '{Path}' line {Line}, column '{_columns[column]}'; expected {expected}; "
            + "correct the line and import the folder again");

    /// <summary>Two records have the same key.</summary>
    public static DispatchException DuplicateFault(string path, long line, long earlierLine, string columns) =>
        new("register.duplicate",
            $"a repeated key in '{path}' line {line}, column '{columns}'; expected every key once, "
            + $"line {earlierLine} has it already; remove one of the two and import the folder again");

    public void Dispose() => _reader.Dispose();

    static FileStream? OpenStream(string path)
    {
        try
        {
            DemandRegular(path);
            var stream = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            try
            {
                DemandNoForeignMark(stream, path);
                return stream;
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw UnreadableFault(path, fault);
        }
    }

    // Opening a pipe would wait for its writer, for ever and deaf to signals.
    static void DemandRegular(string path)
    {
        if (File.Exists(path) && !Libc.IsRegularFile(path))
        {
            throw UnreadableFault(path);
        }
    }

    static DispatchException UnreadableFault(string path, Exception? inner = null) =>
        new("register.unreadable",
            $"cannot read '{path}'; expected a file this user may read; check folder, type and rights",
            inner: inner);

    // The CSV reader would obey a UTF-16 or UTF-32 mark; a register is UTF-8 and nothing else.
    static void DemandNoForeignMark(FileStream stream, string path)
    {
        Span<byte> mark = stackalloc byte[4];
        mark = mark[..stream.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (mark.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || mark.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || mark.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
        {
            throw new DispatchException(
                "register.encoding",
                $"'{path}' line 1, column 1 begins with the mark of UTF-16 or UTF-32; expected UTF-8; "
                + "save the file as UTF-8");
        }
    }

    static CsvReaderOptions Options(bool hasHeader) => new()
    {
        Separator = ';',
        HasHeader = hasHeader,
        Encoding = System.Text.Encoding.UTF8,
        MalformedData = CsvMalformedDataHandling.Throw,
        IncludeValuesInExceptions = false,
        TrackLineNumbers = hasHeader,
        MaxRecordSize = RecordBytesMax,
        BufferSize = BufferBytes,
    };

    static int[] Positions(CsvReader reader, string path, IReadOnlyList<string> columns)
    {
        IReadOnlyList<string> headers;
        try
        {
            headers = [.. reader.Headers];
        }
        catch (CsvFormatException fault)
        {
            throw Malformed(path, fault);
        }

        for (var i = 0; i < headers.Count; i++)
        {
            if (!columns.Contains(headers[i], StringComparer.Ordinal) || headers.Take(i).Contains(headers[i]))
            {
                throw HeaderFault(path, $"column {i + 1} is unknown or stands twice", columns);
            }
        }

        var missing = columns.FirstOrDefault(c => !headers.Contains(c, StringComparer.Ordinal));
        return missing is null
            ? [.. columns.Select(c => headers.ToList().IndexOf(c))]
            : throw HeaderFault(path, $"column '{missing}' is missing", columns);
    }

    static DispatchException HeaderFault(string path, string found, IReadOnlyList<string> columns) =>
        new("register.header",
            $"{found} in '{path}' line 1; expected the columns {string.Join(';', columns)} in any order; "
            + "correct the header");

    static DispatchException Malformed(string path, CsvFormatException fault) =>
        new("register.csv",
            $"a quote out of place, or a record over {RecordBytesMax} bytes, in '{path}' "
            + $"line {Math.Max(1, fault.LineNumber)}; expected RFC 4180 with ';'; correct the line "
            + "and import the folder again");

    DispatchException RecordFault(int bytes)
    {
        if (bytes > RecordBytesMax)
        {
            return new("register.csv",
                $"a record over {RecordBytesMax} bytes in '{Path}' line {Line}; expected shorter values; "
                + "correct the line");
        }

        if (_reader.FieldCount != _positions.Length)
        {
            return new("register.columns",
                $"{_reader.FieldCount} fields in '{Path}' line {Line}; expected {_positions.Length}, as many as the "
                + "header has; correct the line and import the folder again");
        }

        var column = 0;
        while (column < _columns.Count - 1 && Utf8.IsValid(this[column]) && !this[column].Contains((byte)0))
        {
            column++;
        }

        return Utf8.IsValid(this[column])
            ? ValueFault(column, "text without NUL")
            : new("register.encoding",
                $"bytes that are not UTF-8 in '{Path}' line {Line}, column '{_columns[column]}'; expected UTF-8; "
                + "save the file as UTF-8 and import the folder again");
    }
}
