using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Marks;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing.Pipeline;

namespace Dispatch.Benchmarks.Work;

/// <summary>Tax statements of two pages, marks and all.</summary>
sealed class ComposePages : IDisposable
{
    public const int Letters = 64;

    const string BatchName = "20260309-19552101-2026-aarsopgoerelse-dk-economy-c5-left-duplex-mono-s8-0001-0a1b2c3d";

    readonly LetterLayout _layout;
    readonly LetterValues[] _letters;
    readonly CountingStream _output = new();
    readonly LetterFileWriter _writer;
    readonly byte[] _written;

    public ComposePages(TaxList list)
    {
        _layout = list.Layout;
        _letters = [.. Enumerable.Range(1, Letters).Select(ValuesOf)];
        var envelope = EnvelopeProfile.Find("C5-left");
        _writer = new(
            _output, list.Layout, BatchName, new SheetMarks(SheetMarkKind.DataMatrix, envelope, BatchName));
        Compose();
        var before = _output.Bytes;
        Compose();
        _written = new byte[_output.Bytes - before];
    }

    /// <summary>As many bytes as the letters take, each one looked at.</summary>
    public uint HashAsManyBytes()
    {
        var hash = 2_166_136_261;
        foreach (var letter in _written)
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return hash;
    }

    public int Compose()
    {
        var pages = 0;
        foreach (var letter in _letters)
        {
            pages += _writer.Append(letter).Pages;
        }

        return pages;
    }

    /// <summary>Lines and pages only, as routing does before a letter is given away.</summary>
    public int Measure()
    {
        var pages = 0;
        foreach (var letter in _letters)
        {
            pages += _layout.Check(letter).Pages;
        }

        return pages;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _output.Dispose();
    }

    LetterValues ValuesOf(int row)
    {
        var fields = TaxList.FieldsOf(row);
        string[] columns =
            ["loen", "pension", "am_bidrag", "personlig_indkomst", "renteindtaegter", "renteudgifter", "befordring",
                "fagforening", "beskaeftigelsesfradrag", "skattepligtig_indkomst", "beregnet_skat", "betalt_skat",
                "restskat", "beloeb", "dato"];
        var values = new LetterValues(_layout.Template.Columns.Count);
        values.Load(LetterValues.Encode(
            "", [.. _layout.Template.Columns.Select(column => fields[1 + Array.IndexOf(columns, column.Name)])],
            "Åse Ærøe", $"Åse Ærøe\nLærkevej {row}, 1. tv\n5970 Ærøskøbing"));
        return values;
    }

    /// <summary>Counts what a file would hold.</summary>
    sealed class CountingStream : MemoryStream
    {
        public long Bytes { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Bytes += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Bytes += buffer.Length;
    }
}
