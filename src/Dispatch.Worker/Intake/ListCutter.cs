using Dispatch.Routing;

namespace Dispatch.Worker.Intake;

/// <summary>
/// The second part of the one pass over a list: finds the records, reads the header, counts the rows, and cuts the text
/// into chunks at record borders. It holds one chunk and one record at most, whatever the file.
/// </summary>
sealed class ListCutter
{
    readonly string _fileName;
    readonly char _separator;
    readonly IntakeLimits _limits;
    readonly Action<IReadOnlyList<string>> _checkColumns;
    readonly SealedListFile _spool;
    readonly RecordScanner _scanner;
    byte[] _text;
    int _length;
    int _chunk;
    int _record;
    int _chunkRows;
    LineCount _lines;

    /// <param name="checkColumns">Gets the header as soon as it is read; throws what is wrong with it.</param>
    public ListCutter(
        string fileName, char separator, IntakeLimits limits, Action<IReadOnlyList<string>> checkColumns,
        SealedListFile spool)
    {
        (_fileName, _separator, _limits, _checkColumns, _spool) = (fileName, separator, limits, checkColumns, spool);
        _scanner = new RecordScanner(separator);
        _text = new byte[limits.ChunkBytes + 2 * limits.BlockBytes];
    }

    /// <summary>The header; null until it was read.</summary>
    public string[]? Columns { get; private set; }

    public int Rows { get; private set; }

    /// <exception cref="DispatchException">The first fault in the text.</exception>
    public void Add(ReadOnlySpan<byte> text)
    {
        MakeRoom(text.Length);
        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
        Cut(isFinal: false);
    }

    /// <exception cref="DispatchException"><c>file.no_rows</c>, <c>csv.quote</c>.</exception>
    public void Finish()
    {
        Cut(isFinal: true);
        if (Rows == 0)
        {
            throw new DispatchException(
                "file.no_rows",
                $"{ShownName.Of(_fileName)} has {(Columns is null ? "only blank lines" : "a header only")}, expected "
                + "at least one row below the header; make the list again");
        }

        CloseChunk(_length);
        _text.AsSpan().Clear();
    }

    void Cut(bool isFinal)
    {
        while (true)
        {
            var step = _scanner.Next(_text.AsSpan(0, _length), _record, isFinal, out var end);
            switch (step)
            {
                case RecordScanner.Step.Record:
                    TakeRecord(end);
                    break;
                case RecordScanner.Step.BlankLine:
                    DropOverflow(end);
                    break;
                case RecordScanner.Step.NeedsMore:
                    CheckRecordBytes(_length);
                    return;
                default:
                    throw QuoteFault(step, end);
            }

            _record = end;
        }
    }

    void TakeRecord(int end)
    {
        CheckRecordBytes(end);
        if (Columns is null)
        {
            var record = _text.AsMemory(_record, end - _record);
            Columns = ListHeader.Read(record, _separator, _fileName, _limits.ColumnsMax);
            _checkColumns(Columns);
            Drop(end);
            return;
        }

        if (Rows == _limits.RowsMax)
        {
            throw new DispatchException(
                "file.too_many_rows",
                $"{ShownName.Of(_fileName)} has more than {_limits.RowsMax} rows, expected no more; split the job or "
                + "raise the limit");
        }

        DropOverflow(end);
        Rows++;
        _chunkRows++;
        if (_chunkRows == _limits.ChunkRows)
        {
            CloseChunk(end);
        }
    }

    // Before a record that would make the chunk too large: a chunk is no larger than its limit, or one record.
    void DropOverflow(int end)
    {
        if (end - _chunk > _limits.ChunkBytes)
        {
            CloseChunk(_record);
        }
    }

    void CloseChunk(int end)
    {
        if (_chunkRows > 0)
        {
            _spool.Append(_text.AsSpan(_chunk, end - _chunk), Rows - _chunkRows + 1, _chunkRows);
            _chunkRows = 0;
        }

        Drop(end);
    }

    void Drop(int end)
    {
        _lines.Add(_text.AsSpan(_chunk, end - _chunk));
        _chunk = end;
    }

    void MakeRoom(int bytes)
    {
        if (_length + bytes <= _text.Length)
        {
            return;
        }

        var target = _text;
        if (_length - _chunk + bytes > _text.Length)
        {
            // Once, for a long record: to the most that can be needed, so that no half-sized arrays are left behind.
            var most = _limits.ChunkBytes + _limits.RecordBytesMax + 4 * _limits.BlockBytes;
            target = new byte[Math.Max(_length - _chunk + bytes, most)];
        }

        var kept = _text.AsSpan(_chunk, _length - _chunk);
        kept.CopyTo(target);
        if (target != _text)
        {
            _text.AsSpan().Clear();
            _text = target;
        }

        _scanner.Shift(_chunk);
        _record -= _chunk;
        _length -= _chunk;
        _chunk = 0;
    }

    void CheckRecordBytes(int end)
    {
        if (end - _record > _limits.RecordBytesMax)
        {
            throw new DispatchException(
                "line.too_long",
                $"{ShownName.Of(_fileName)} line {LineOf(_record)} begins a record of more than "
                + $"{_limits.RecordBytesMax} bytes, expected "
                + "less; look for a quote that is never closed or for missing line breaks");
        }
    }

    DispatchException QuoteFault(RecordScanner.Step step, int at) => new(
        "csv.quote",
        step == RecordScanner.Step.OpenQuote
            ? $"{ShownName.Of(_fileName)} line {LineOf(_record)} begins a record with a quote that is never closed, "
                + "expected RFC 4180 quoting; close the quote"
            : $"{ShownName.Of(_fileName)} line {LineOf(at)} has a quote inside a field or text behind a closing "
                + "quote, expected RFC 4180 "
                + "quoting: the whole field in quotes, quotes in it doubled; correct the line");

    long LineOf(int at) => _lines.LineAfter(_text.AsSpan(_chunk, at - _chunk));
}
