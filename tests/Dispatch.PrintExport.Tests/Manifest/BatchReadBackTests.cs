using System.Text;
using Dispatch.PrintExport.Manifest;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Manifest;

/// <summary>Print files and manifests that are whole, and such as a bug or a disk would leave.</summary>
public sealed class BatchReadBackTests : IDisposable
{
    const int Pieces = 300;
    const string Name = "20260309-19552101-brev-dk-economy-c5-left-duplex-mono-s8-0001-0a1b2c3d";

    readonly TemporaryFolder _folder = new();
    readonly byte[] _pdf;
    readonly byte[] _manifest;
    readonly (int Pieces, int Pages, int Sheets, int Envelopes) _planned;

    public BatchReadBackTests()
    {
        var layout = Some.Layout("a {{x}}\n\n{{#if y}}\n---\n\nb\n\n---\n\nc\n{{/if}}", isDuplex: true);
        var (pdf, manifest) = (new MemoryStream(), new MemoryStream());
        using (var lines = new ManifestWriter(manifest, "C5-left", "economy", 1))
        using (var letters = new LetterFileWriter(pdf, layout, Name))
        {
            for (var piece = 1; piece <= Pieces; piece++)
            {
                var made = letters.Append(Some.Values([$"{piece}", piece % 3 == 0 ? "1" : ""]));
                lines.Append(piece, $"{piece:x20}", made.FirstPage, made.Pages, made.Sheets, "DK", "2450");
                _planned = (piece, made.FirstPage + made.Pages - 1, _planned.Sheets + made.Sheets, piece);
            }

            letters.Finish();
        }

        (_pdf, _manifest) = (pdf.ToArray(), manifest.ToArray());
    }

    string PdfText => Encoding.Latin1.GetString(_pdf);

    [Fact]
    public void CheckBytes_FileWhoseDiskDidNotWriteABlock_IsRefused()
    {
        var path = Path.Combine(_folder.Path, "ticket.json");
        File.WriteAllBytes(path, _manifest);
        var written = FileDigest.OfFile(path);
        BatchReadBack.CheckBytes(path, written);

        var found = _manifest.ToArray();
        found.AsSpan(0, 512).Clear();
        File.WriteAllBytes(path, found);
        var fault = Assert.Throws<DispatchException>(() => BatchReadBack.CheckBytes(path, written));
        Assert.Equal("print.read_back", fault.Code);
    }

    [Fact]
    public void Check_WholeFiles_Passes()
    {
        Assert.Equal((Pieces, 800, 400, Pieces), _planned);
        Check(_pdf, _manifest);

        var path = Path.Combine(_folder.Path, "x.pdf");
        using var reader = new PrintFileReader(path);
        Assert.Equal(
            Enumerable.Range(1, Pieces).SelectMany(piece => Enumerable.Repeat(piece, piece % 3 == 0 ? 4 : 2)),
            reader.ReadPieces());
    }

    [Fact]
    public void Check_EmptyBatch_Passes()
    {
        var output = new MemoryStream();
        using var letters = new LetterFileWriter(output, Some.Layout("a"), Name);
        letters.Finish();

        Check(output.ToArray(), _manifest[..(Array.IndexOf(_manifest, (byte)'\n') + 1)], planned: (0, 0, 0, 0));
    }

    [Fact]
    public void Check_SharedEnvelopes_PassWhenPlannedSo()
    {
        var lines = Encoding.UTF8.GetString(_manifest).Split("\r\n");
        string Line(string line, string sequence) => sequence + line[line.IndexOf(';', StringComparison.Ordinal)..];
        byte[] With(params string[] sequences) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines.Select((line, at) =>
            at is 0 or > Pieces ? line : Line(line, sequences[Math.Min(at, sequences.Length) - 1]))));
        var planned = _planned with { Envelopes = 2 };

        Check(_pdf, With("1", "1", "2"), planned: planned);
        Fails(_pdf, With("1", "1", "2"));
        Fails(_pdf, With("1", "1", "2", "1", "2"), planned: planned);
        Fails(_pdf, With("0", "0", "1", "2"), planned: planned);
        Fails(_pdf, With("1", "1", "3"), planned: planned);
    }

    [Fact]
    public void Check_FileIsCutOrLonger_Throws()
    {
        Fails(_pdf[..^1], _manifest, written: _pdf);
        Fails(_pdf[..(_pdf.Length / 2)], _manifest);
        Fails([.. _pdf, 0], _manifest);
        Fails([], _manifest);
        Fails(_pdf, _manifest[..^3], writtenManifest: _manifest);
    }

    [Theory]
    [InlineData(">>%piece 17\n", ">>%piece 18\n")]
    [InlineData("/Count 64/Kids", "/Count 63/Kids")]
    [InlineData("/Count 800/Kids", "/Count 801/Kids")]
    [InlineData("startxref\n", "startxxxx\n")]
    [InlineData("xref\n0 ", "xrex\n0 ")]
    [InlineData("trailer\n", "tailers\n")]
    [InlineData("/Type/Catalog/Pages ", "/Type/Catalog/Paxes ")]
    [InlineData("%%EOF\n", "%%EOX\n")]
    public void Check_StructureIsWrong_Throws(string right, string wrong)
    {
        var at = PdfText.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at > 0 && right.Length == wrong.Length);
        var damaged = string.Concat(PdfText.AsSpan(0, at), wrong, PdfText.AsSpan(at + wrong.Length));
        Fails(Encoding.Latin1.GetBytes(damaged), _manifest);
    }

    [Fact]
    public void Check_PagesInAnotherOrder_Throws()
    {
        var at = PdfText.IndexOf("/Kids[", StringComparison.Ordinal) + "/Kids[".Length;
        var kids = PdfText[at..PdfText.IndexOf(']', at)].Split(" 0 R ", StringSplitOptions.RemoveEmptyEntries);
        var first = Array.FindIndex(kids, kid => kid.Length == 3);
        var second = Array.FindLastIndex(kids, kid => kid.Length == 3);
        Assert.True(first < second);
        (kids[first], kids[second]) = (kids[second], kids[first]);
        var mixed = string.Join(" 0 R ", kids) + " 0 R ";

        Fails(Encoding.Latin1.GetBytes(PdfText[..at] + mixed + PdfText[(at + mixed.Length)..]), _manifest);
    }

    [Fact]
    public void Check_OffsetOfAPage_LeadsElsewhere_Throws()
    {
        var table = PdfText.LastIndexOf("\nxref\n", StringComparison.Ordinal);
        var page = PdfText.IndexOf("<</Type/Page/", StringComparison.Ordinal);
        var start = PdfText.LastIndexOf('\n', page - 2) + 1;
        var entry = PdfText.IndexOf($"{start:0000000000}", table, StringComparison.Ordinal);
        Assert.True(entry > table);

        var damaged = $"{PdfText[..entry]}{start + 1:0000000000}{PdfText[(entry + 10)..]}";
        Fails(Encoding.Latin1.GetBytes(damaged), _manifest);
    }

    [Theory]
    [InlineData("\r\n5;", "\r\n6;")]
    [InlineData(";9;2;1;", ";9;4;2;")]
    [InlineData(";9;2;1;", ";8;2;1;")]
    [InlineData(";9;2;1;", ";9;2;2;")]
    [InlineData(";9;2;1;", ";9;x;1;")]
    public void Check_ManifestSaysSomethingElse_Throws(string right, string wrong)
    {
        var text = Encoding.UTF8.GetString(_manifest);
        Assert.Contains(right, text, StringComparison.Ordinal);
        Fails(_pdf, Encoding.UTF8.GetBytes(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void Check_ManifestLacksOrRepeatsAPiece_Throws()
    {
        var lines = Encoding.UTF8.GetString(_manifest).Split("\r\n");
        Fails(_pdf, Encoding.UTF8.GetBytes(string.Join("\r\n", lines[..^2]) + "\r\n"));
        Fails(_pdf, Encoding.UTF8.GetBytes(string.Join("\r\n", [.. lines[..^1], lines[^2], ""])));
    }

    public void Dispose() => _folder.Dispose();

    void Fails(
        byte[] pdf, byte[] manifest, byte[]? written = null, byte[]? writtenManifest = null,
        (int, int, int, int)? planned = null)
    {
        var fault = Assert.Throws<DispatchException>(() => Check(pdf, manifest, written, writtenManifest, planned));
        Assert.Equal(("print.read_back", ExitCode.Failed), (fault.Code, fault.Exit));
    }

    void Check(
        byte[] pdf, byte[] manifest, byte[]? written = null, byte[]? writtenManifest = null,
        (int, int, int, int)? planned = null)
    {
        var (pdfPath, manifestPath) = (Path.Combine(_folder.Path, "x.pdf"), Path.Combine(_folder.Path, "x.csv"));
        File.WriteAllBytes(pdfPath, pdf);
        File.WriteAllBytes(manifestPath, manifest);
        BatchReadBack.Check(
            Name, (pdfPath, (written ?? pdf).Length), (manifestPath, (writtenManifest ?? manifest).Length),
            planned ?? _planned);
    }
}
