using System.Buffers;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Decides a whole chunk: rows through <see cref="RowRouter"/>, then addresses (read from the register for the rows
/// that need one, all at once), then what only the layout can tell. Every row ends in exactly one call to the sink. One
/// thread at a time.
/// </summary>
/// <param name="addresses">Reads the postal facts of people; the caller's slice of the register.</param>
/// <param name="measuresAll">Make every letter and measure every piece (the run, and a dry run that counts pages), or
/// only those that might not fit (the planning pass of a run).</param>
sealed class ChunkRouter(
    JobRouting job, RegisterSnapshot register, ReadAddresses addresses, bool measuresAll)
{
    readonly RowRouter _rows = new(job.Columns, job.Policy, register, job.ReleaseDate);
    readonly RecipientLookahead _ahead = new(
        register, job.Separator, job.Columns.Recipient, withNames: measuresAll && job.Columns.PrintsName);
    readonly LetterValues _values = new(job.Columns.Letter.Count);
    readonly List<Deferred> _deferred = [];
    readonly ArrayBufferWriter<byte> _arena = new(256 * 1024);
    byte[] _scratch = new byte[16 * 1024];

    public RegisterSnapshot Register => register;

    /// <summary>Routes all rows; gives their number, which the caller holds against the chunk's.</summary>
    /// <exception cref="DispatchException"><see cref="RegisterMoved"/>: what the sink was given is of no use
    /// then.</exception>
    public async Task<int> RouteAsync(ChunkWork chunk, ChunkText text, IEffectSink sink, CancellationToken ct)
    {
        _deferred.Clear();
        _arena.ResetWrittenCount();
        var count = RouteRows(chunk, text, sink);
        if (_deferred.Count > 0)
        {
            var ids = _deferred.Select(row => register.PersonId(row.Row.Index)).ToArray();
            var parties = await addresses(ids, register.Version, ct) ?? throw RegisterMoved.Fault();
            foreach (var row in _deferred)
            {
                Complete(row, parties[register.PersonId(row.Row.Index)], sink);
            }
        }

        return count;
    }

    int RouteRows(ChunkWork chunk, ChunkText text, IEffectSink sink)
    {
        using var reader = text.Read(job.Separator);
        var duplicates = chunk.Duplicates.AsSpan();
        var row = new CsvRowView(reader);
        var rowNo = chunk.FirstRow;
        _ahead.Begin(text.Bytes);
        for (; reader.Read(); rowNo++)
        {
            _ahead.Next();
            var isDuplicate = duplicates.Length > 0 && duplicates[0] == rowNo;
            duplicates = isDuplicate ? duplicates[1..] : duplicates;
            EnsureScratch(_rows.ValuesBound(reader.RawRecord.Length));
            Dispose(rowNo, _rows.Route(row, _scratch, isDuplicate), sink);
        }

        return rowNo - chunk.FirstRow;
    }

    void Dispose(int rowNo, in RoutedRow row, IEffectSink sink)
    {
        switch (row.Channel)
        {
            case Channel.Digital when job.PrintsAddress:
                Defer(rowNo, row);
                break;
            case Channel.Digital:
                DeliverDigital(rowNo, row, sink);
                break;
            case Channel.Paper:
                DeliverPaper(rowNo, row, sink);
                break;
            default:
                Except(rowNo, row, sink, DetailOf(row));
                break;
        }
    }

    void DeliverDigital(int rowNo, in RoutedRow row, IEffectSink sink)
    {
        // The name is not counted: that it fits is what the register's facts promise.
        if (!measuresAll && IsSurelyComposable(row, row.ValuesLength))
        {
            sink.Digital(rowNo, register.PersonId(row.Index), row, default);
            return;
        }

        var name = job.Columns.PrintsName ? register.Name(row.Index) : default;
        var length = AppendNameAndAddress(row.ValuesLength, name, default);
        if (!IsSurelyComposable(row, length))
        {
            var (reason, detail) = PrintedRecipient.CheckName(name, job.RequiresName);
            var check = reason == Reason.None ? Measure(length) : new(reason, detail, 0, 0);
            if (check.Reason != Reason.None)
            {
                Except(rowNo, row with { Reason = check.Reason }, sink, check.Detail);
                return;
            }
        }

        sink.Digital(rowNo, register.PersonId(row.Index), row, _scratch.AsSpan(0, length));
    }

    void DeliverPaper(int rowNo, in RoutedRow row, IEffectSink sink)
    {
        var reason = RoutingRules.CheckAddress(register.Facts(row.Index));
        if (reason != Reason.None)
        {
            Except(rowNo, row with { Reason = reason }, sink, "");
        }
        else if (measuresAll || !IsSurelyComposable(row, row.ValuesLength))
        {
            Defer(rowNo, row);
        }
        else
        {
            sink.Paper(rowNo, register.PersonId(row.Index), row, default, default, default);
        }
    }

    // With the address at hand: the window, the letter's own use of the address, the pages.
    void Complete(Deferred deferred, PostalParty party, IEffectSink sink)
    {
        var row = deferred.Row;
        EnsureScratch(row.ValuesLength);
        _arena.WrittenSpan.Slice(deferred.Start, row.ValuesLength).CopyTo(_scratch);
        var address = AddressOf(row, party);
        var name = System.Text.Encoding.UTF8.GetBytes(party.Name);
        var block = System.Text.Encoding.UTF8.GetBytes(address.Block);
        var length = AppendNameAndAddress(row.ValuesLength, name, block);
        var values = _scratch.AsSpan(0, length);
        var (reason, detail) = PrintedRecipient.Check(party, row.Channel, job.RequiresName);
        var check = reason == Reason.None ? Measure(length) : new(reason, detail, 0, 0);
        if (check.Reason != Reason.None)
        {
            Except(deferred.RowNo, row with { Reason = check.Reason }, sink, check.Detail);
        }
        else if (row.Channel == Channel.Digital)
        {
            sink.Digital(deferred.RowNo, register.PersonId(row.Index), row, values);
        }
        else
        {
            sink.Paper(deferred.RowNo, register.PersonId(row.Index), row, values, address, check);
        }
    }

    static PostalAddress AddressOf(in RoutedRow row, PostalParty party)
    {
        var isChild = !row.Facts.IsCompany && row.Facts.Age < RoutingCase.DigitalAge && row.Channel == Channel.Paper;
        return PostalAddress.From(party with { IsUnder15 = isChild });
    }

    // True only when nothing about the letter can fail in composing: short plain values, and a plain name and address.
    bool IsSurelyComposable(in RoutedRow row, int length) =>
        row.IsPlain
        && length <= job.Layout.PlainValueBytesMax
        && ((row.Channel == Channel.Digital && !job.Columns.PrintsName) || !register.Facts(row.Index).HasUnusualText);

    LetterCheck Measure(int length)
    {
        _values.Load(_scratch.AsMemory(0, length));
        return job.Layout.Check(_values);
    }

    int AppendNameAndAddress(int length, ReadOnlySpan<byte> name, ReadOnlySpan<byte> block)
    {
        EnsureScratch(length + name.Length + block.Length + 2 * LetterValues.LengthBytesMax);
        length += LetterValues.Write(_scratch.AsSpan(length), name);
        return length + LetterValues.Write(_scratch.AsSpan(length), block);
    }

    void Defer(int rowNo, in RoutedRow row)
    {
        _deferred.Add(new(rowNo, row, _arena.WrittenCount));
        _arena.Write(_scratch.AsSpan(0, row.ValuesLength));
    }

    void Except(int rowNo, in RoutedRow row, IEffectSink sink, string detail)
    {
        var reference = SenderReference.Of(_scratch);
        sink.Exception(rowNo, row.Index < 0 ? null : register.PersonId(row.Index), row, reference, detail);
    }

    string DetailOf(in RoutedRow row)
    {
        var column = row.DetailColumn switch
        {
            >= 0 => job.Columns.Letter[row.DetailColumn].Name,
            RoutedRow.RecipientColumn when row.Reason == Reason.FieldChar => "recipient",
            RoutedRow.ReferenceColumn => "reference",
            _ => "",
        };
        return row.DetailCodePoint == 0 ? column : $"{column} U+{row.DetailCodePoint:X4}".TrimStart();
    }

    void EnsureScratch(int bytes)
    {
        if (_scratch.Length < bytes)
        {
            Array.Resize(ref _scratch, Math.Max(bytes, _scratch.Length * 2));
        }
    }

    readonly record struct Deferred(int RowNo, RoutedRow Row, int Start);
}
