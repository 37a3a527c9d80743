using System.Text;
using CsvHelper;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Intake;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Worker.Tests.Intake;

public sealed class RecordScannerTests
{
    static readonly Gen<string> Text =
        from parts in Gen.Elements("\"", "\"\"", ";", "\r", "\n", "\r\n", "a", "bc", "ø", " ", "\";\"", "\n\"").ListOf()
        select string.Concat(parts);

    [Fact]
    public void Next_AnyText_FindsTheRecordsCsvReaderFinds() => Prop.ForAll(Text.ToArbitrary(), text =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var expected = ReadWithCsvReader(bytes);
        var found = Scan(bytes, bytes.Length);

        return expected is null
            ? (found is null).Label("CsvReader refuses it")
            : (found is not null && expected.SequenceEqual(found)).Label($"{string.Join('|', expected)} / "
                + $"{string.Join('|', found ?? [])}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Next_TextInPieces_FindsTheSameRecords() =>
        Prop.ForAll(Text.ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(), (text, step) =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (whole, pieces) = (Scan(bytes, bytes.Length), Scan(bytes, step));
        return whole is null ? pieces is null : pieces is not null && whole.SequenceEqual(pieces);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    static List<string>? ReadWithCsvReader(byte[] bytes)
    {
        try
        {
            using var reader = CsvReader.Create(bytes, ListDialect.Options(';'));
            var records = new List<string>();
            while (reader.Read())
            {
                records.Add(Encoding.UTF8.GetString(reader.RawRecord));
            }

            return records;
        }
        catch (CsvFormatException)
        {
            return null;
        }
    }

    // The records without their line breaks, or null for a fault.
    static List<string>? Scan(byte[] bytes, int step)
    {
        var scanner = new RecordScanner(';');
        var records = new List<string>();
        var (start, length) = (0, Math.Min(step, bytes.Length));
        while (true)
        {
            var isFinal = length == bytes.Length;
            switch (scanner.Next(bytes.AsSpan(0, length), start, isFinal, out var end))
            {
                case RecordScanner.Step.Record:
                    records.Add(TrimBreak(Encoding.UTF8.GetString(bytes.AsSpan(start, end - start))));
                    break;
                case RecordScanner.Step.BlankLine:
                    break;
                case RecordScanner.Step.NeedsMore when isFinal:
                    return records;
                case RecordScanner.Step.NeedsMore:
                    length = Math.Min(length + step, bytes.Length);
                    continue;
                default:
                    return null;
            }

            start = end;
        }
    }

    static string TrimBreak(string record)
    {
        record = record.EndsWith('\n') ? record[..^1] : record;
        return record.EndsWith('\r') ? record[..^1] : record;
    }
}
