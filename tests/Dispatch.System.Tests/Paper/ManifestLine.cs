using System.Globalization;
using Dispatch.System.Tests.Jobs;

namespace Dispatch.System.Tests.Paper;

/// <summary>One piece of a manifest. Pages count from 1 within the PDF and include blank backs.</summary>
sealed record ManifestLine(
    int Sequence, string PieceId, int FirstPage, int Pages, int Sheets, string Country, string Postcode, string Attempt)
{
    const string Header = "sequence;piece_id;first_page;pages;sheets;envelope;postage;country;postcode;attempt";

    public static IReadOnlyList<ManifestLine> ReadAll(string file)
    {
        var text = File.ReadAllText(file);
        Assert.Equal(text.Count(c => c == '\n'), text.Split("\r\n").Length - 1);
        var records = CsvText.Parse(text);
        Assert.Equal(Header, string.Join(';', records[0]));
        return [.. records.Skip(1).Select(Read)];
    }

    static ManifestLine Read(string[] cells)
    {
        Assert.Equal(10, cells.Length);
        return new(
            Number(cells[0]), cells[1], Number(cells[2]), Number(cells[3]), Number(cells[4]),
            cells[7], cells[8], cells[9]);
    }

    static int Number(string cell) => int.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);
}
