using System.Buffers;

namespace Dispatch.Worker.Intake;

/// <summary>
/// Finds where the records of a list end, by RFC 4180 and strictly: a quote opens a field or closes one or is doubled
/// inside one, and stands nowhere else. It reads nothing but quotes and line breaks, keeps no index of fields and so
/// needs no memory whatever a record looks like; the fields themselves are read later, by <c>CsvReader</c>, which a
/// property test holds it against.
/// </summary>
sealed class RecordScanner(char separator)
{
    static readonly SearchValues<byte> Marks = SearchValues.Create("\"\r\n"u8);

    readonly byte _separator = (byte)separator;
    bool _isInQuotes;

    /// <summary>What a step found.</summary>
    public enum Step
    {
        /// <summary>A record, from the start given to the end given back, its line break included.</summary>
        Record,

        /// <summary>The same, with nothing but its line break in it.</summary>
        BlankLine,

        /// <summary>The text ends inside a record: call again with more behind it.</summary>
        NeedsMore,

        /// <summary>A quote where none may be, or text behind a closing quote.</summary>
        StrayQuote,

        /// <summary>The text is final, and ends inside quotes.</summary>
        OpenQuote,
    }

    /// <summary>How far the record in work was looked at; what lies before it is not looked at again.</summary>
    public int At { get; private set; }

    /// <summary>Tells that the text before <paramref name="offset"/> was dropped.</summary>
    public void Shift(int offset) => At -= offset;

    /// <summary>Takes the next record.</summary>
    /// <param name="text">All there is; grows from call to call, and keeps its beginning.</param>
    /// <param name="start">Where the record begins: the end the call before gave back.</param>
    /// <param name="isFinal">Nothing follows the text.</param>
    /// <param name="end">Behind the record's line break; on a fault, where that is.</param>
    public Step Next(ReadOnlySpan<byte> text, int start, bool isFinal, out int end)
    {
        while (true)
        {
            if (_isInQuotes)
            {
                if (!TryLeaveQuotes(text, isFinal, out var step))
                {
                    end = At;
                    return step;
                }
            }

            var mark = text[At..].IndexOfAny(Marks);
            if (mark < 0)
            {
                end = At = text.Length;
                return isFinal && At > start ? Step.Record : Step.NeedsMore;
            }

            At += mark;
            if (text[At] == '"')
            {
                if (At != start && text[At - 1] != _separator)
                {
                    end = At;
                    return Step.StrayQuote;
                }

                _isInQuotes = true;
                At++;
                continue;
            }

            return EndLine(text, start, isFinal, out end);
        }
    }

    bool TryLeaveQuotes(ReadOnlySpan<byte> text, bool isFinal, out Step fault)
    {
        fault = isFinal ? Step.OpenQuote : Step.NeedsMore;
        while (true)
        {
            var quote = text[At..].IndexOf((byte)'"');
            if (quote < 0)
            {
                At = text.Length;
                return false;
            }

            At += quote;
            if (At + 1 == text.Length)
            {
                // Doubled or closing? Only the next byte tells.
                _isInQuotes = !isFinal;
                At += isFinal ? 1 : 0;
                return isFinal;
            }

            var next = text[At + 1];
            if (next != '"')
            {
                At++;
                _isInQuotes = false;
                fault = Step.StrayQuote;
                return next == _separator || next is (byte)'\r' or (byte)'\n';
            }

            At += 2;
        }
    }

    Step EndLine(ReadOnlySpan<byte> text, int start, bool isFinal, out int end)
    {
        end = At + 1;
        if (text[At] == '\r')
        {
            if (end == text.Length && !isFinal)
            {
                end = At;
                return Step.NeedsMore;
            }

            end += end < text.Length && text[end] == '\n' ? 1 : 0;
        }

        var isBlank = At == start;
        At = end;
        return isBlank ? Step.BlankLine : Step.Record;
    }
}
