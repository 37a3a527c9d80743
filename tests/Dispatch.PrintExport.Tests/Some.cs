using System.IO.Compression;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;

namespace Dispatch.PrintExport.Tests;

/// <summary>Valid letters, settings and values to start from. Every person in them is made up.</summary>
static class Some
{
    public const string Address = "Åse Ærøe\nLærkevej 9C, 1. tv\n5970 Ærøskøbing";

    public const string TaxLetter = """
        ![Våben](crest.png)

        # Årsopgørelse for 2025

        Kære {{recipient.name}}

        Vi har nu opgjort din skat for **2025**. Opgørelsen bygger på de oplysninger, vi har modtaget fra din
        arbejdsgiver, din bank og andre. Du skal selv kontrollere, at de er rigtige.

        {{#if restskat}}
        Du skal betale **{{restskat:money}} kr.** i restskat senest den {{frist:date-long}}. Betaler du senere, skal du
        betale renter af beløbet.
        {{else}}
        Du får **{{overskydende:money}} kr.** tilbage. Pengene står på din NemKonto den {{frist:date-long}}.
        {{/if}}

        | Oplysning | Rubrik | Beløb i kr. |
        |:----------|:------:|------------:|
        | Løn og anden indkomst med arbejdsmarkedsbidrag | 11 | {{a1:money}} |
        | Pension, dagpenge og anden personlig indkomst | 16 | {{a2:money}} |
        | Renteindtægter | 31 | {{a3:money}} |
        | Renteudgifter | 42 | {{a4:money}} |
        | Befordringsfradrag | 51 | {{a5:money}} |
        | Fagligt kontingent | 52 | {{a6:money}} |
        | Beskæftigelsesfradrag | 53 | {{a7:money}} |
        | Personlig indkomst i alt | 20 | {{a8:money}} |
        | Skattepligtig indkomst | 60 | {{a9:money}} |
        | Beregnet skat | 70 | {{a10:money}} |
        | Betalt skat | 80 | {{a11:money}} |
        | **Årets resultat** | **90** | **{{a12:money}}** |

        ## Det skal du gøre

        1. Kontrollér, at beløbene stemmer med dine egne oplysninger.
        2. Ret oplysningerne i selvbetjeningen, hvis noget er forkert.
           - Fradrag for befordring retter du selv.
           - Løn kan kun din arbejdsgiver rette.
        3. Gem årsopgørelsen.

        > Du kan klage over afgørelsen. Klagen skal være hos os senest tre måneder efter, at du har fået dette brev.

        ## Sådan har vi regnet

        Din skat er beregnet af din personlige indkomst, din kapitalindkomst og dine ligningsmæssige fradrag. Vi har
        brugt de satser, som Folketinget har vedtaget for indkomståret. Din kommune er {{kommune}}.

        Har du været gift og samlevende i hele året, kan uudnyttede fradrag være overført mellem jer. Det fremgår af
        *specifikationen*, som du kan se i selvbetjeningen.

        ***

        Venlig hilsen
        **{{sender.name}}**
        """;

    public static readonly IReadOnlyDictionary<string, byte[]> NoAssets = new Dictionary<string, byte[]>();

    static readonly Lazy<FontSet> LoadedFonts = new(() => FontSet.Load(new FontSettings()));

    public static FontSet Fonts => LoadedFonts.Value;

    public static LetterTemplate Template(string markdown) =>
        LetterTemplate.Parse(markdown, "letter.md", new Dictionary<string, byte[]> { ["crest.png"] = Png(60, 72) });

    public static LetterSetting Setting(bool isDuplex = false, bool isColour = false) => new(
        "Skattestyrelsen", ["Skattestyrelsen", "Sluseholmen 8B", "2450 København SV"], "Årsopgørelse for 2025",
        new DateOnly(2026, 3, 9), EnvelopeProfile.Find("C5-left"), isDuplex, isColour);

    public static LetterLayout Layout(string markdown, bool isDuplex = false, bool isColour = false) =>
        LetterLayout.Create(Template(markdown), Setting(isDuplex, isColour), Fonts);

    public static LetterValues Values(IReadOnlyList<string> fields, string name = "Åse Ærøe", string address = Address)
    {
        var values = new LetterValues(fields.Count);
        values.Load(LetterValues.Encode("", fields, name, address));
        return values;
    }

    /// <summary>Values of the tax letter, different for every number.</summary>
    public static LetterValues TaxValues(int number, string address = Address)
    {
        var owes = number % 3 == 0;
        string[] fields =
        [
            owes ? $"{1_000 + number},5" : "", "2026-05-01", owes ? "" : $"{2_000 + number}",
            .. Enumerable.Range(1, 12).Select(
                i => $"{(i % 4 == 0 ? "-" : "")}{number * 37 + i * 10_101},{number % 90 + 10}"),
            "Ærø Kommune",
        ];
        return Values(fields, address.Split('\n')[0], address);
    }

    public static byte[] File(LetterLayout layout, params LetterValues[] pieces)
    {
        var output = new MemoryStream();
        using var writer = new LetterFileWriter(output, layout, "prøve");
        foreach (var piece in pieces)
        {
            writer.Append(piece);
        }

        writer.Finish();
        return output.ToArray();
    }

    /// <summary>An RGBA picture: a shield with a crown of nothing around it.</summary>
    public static byte[] Png(
        int width, int height, byte colourType = 6, byte depth = 8, byte interlace = 0, int rows = -1)
    {
        var channels = colourType switch { 0 or 3 => 1, 2 => 3, 4 => 2, _ => 4 };
        var pixels = new MemoryStream();
        using (var packed = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + width * channels];
            for (var y = 0; y < (rows < 0 ? height : rows); y++)
            {
                row[0] = (byte)(colourType == 3 ? 0 : y % 5);
                for (var i = 0; i < width * channels; i++)
                {
                    row[1 + i] = colourType == 3 ? (byte)(i % 2) : (byte)(y * 3 + i * 7);
                }

                packed.Write(row);
            }
        }

        byte[] header = [.. BigEndian(width), .. BigEndian(height), depth, colourType, 0, 0, interlace];
        byte[] palette = colourType == 3 ? PngChunk("PLTE", [10, 20, 30, 200, 210, 220]) : [];
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. PngChunk("IHDR", header), .. palette,
            .. PngChunk("IDAT", pixels.ToArray()),
            .. PngChunk("IEND", []),
        ];
    }

    public static byte[] PngChunk(string type, byte[] data)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var crc = uint.MaxValue;
        foreach (var b in body)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
            }
        }

        return [.. BigEndian(data.Length), .. body, .. BigEndian((int)~crc)];
    }

    static byte[] BigEndian(int number) =>
        [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
