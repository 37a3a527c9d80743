using System.Text;

namespace Dispatch.LoadRun;

/// <summary>The same letters as the peers take them: a table for ReportLab, formatting objects for FOP.</summary>
static class PeerInput
{
    const string Before = """
        <?xml version="1.0" encoding="UTF-8"?>
        <fo:root xmlns:fo="http://www.w3.org/1999/XSL/Format" font-family="Liberation Sans">
        <fo:layout-master-set>
        <fo:simple-page-master master-name="first" page-width="210mm" page-height="297mm">
        <fo:region-body region-name="body" margin="91mm 22mm 20mm 20mm"/>
        <fo:region-before region-name="first-before" extent="90mm"/>
        </fo:simple-page-master>
        <fo:simple-page-master master-name="rest" page-width="210mm" page-height="297mm">
        <fo:region-body region-name="body" margin="30mm 22mm 20mm 20mm"/>
        <fo:region-before region-name="rest-before" extent="25mm"/>
        </fo:simple-page-master>
        <fo:page-sequence-master master-name="letter"><fo:repeatable-page-master-alternatives>
        <fo:conditional-page-master-reference page-position="first" master-reference="first"/>
        <fo:conditional-page-master-reference page-position="rest" master-reference="rest"/>
        </fo:repeatable-page-master-alternatives></fo:page-sequence-master>
        </fo:layout-master-set>

        """;

    static readonly string[] Rows =
    [
        "Løn og anden indkomst", "Pension og ydelser fra det offentlige", "Arbejdsmarkedsbidrag, 8 procent",
        "Personlig indkomst",
        "Renteindtægter", "Renteudgifter", "Fradrag for kørsel mellem hjem og arbejde", "Fradrag for fagforening",
        "Beskæftigelsesfradrag", "Skattepligtig indkomst", "Beregnet skat", "Skat, du har betalt i årets løb",
    ];

    public static void WriteTable(string path, int letters)
    {
        using var table = new StreamWriter(path) { NewLine = "\n" };
        for (var number = 1; number <= letters; number++)
        {
            var data = StatementData.Of(number);
            string[] fields =
                [data.Name, data.Street, data.Town, data.OwesTax ? "1" : "0", data.Amount, data.Date, .. data.Figures];
            table.WriteLine(string.Join('\t', fields));
        }
    }

    public static void WriteFormattingObjects(string path, string letter, string crest, int letters)
    {
        using var objects = new StreamWriter(path) { NewLine = "\n" };
        objects.Write(Before);
        for (var number = 1; number <= letters; number++)
        {
            var data = StatementData.Of(number);
            objects.Write(new StringBuilder(letter).Replace("{{crest}}", crest).Replace("{{name}}", data.Name)
                .Replace("{{street}}", data.Street).Replace("{{town}}", data.Town).Replace("{{result}}", Result(data))
                .Replace("{{rows}}", string.Concat(Rows.Select((row, i) => Row(row, data.Figures[i])))));
        }

        objects.WriteLine("</fo:root>");
    }

    static string Row(string text, string figure) =>
        "<fo:table-row border-bottom=\"0.3pt solid #b3b3b3\"><fo:table-cell padding=\"2.8pt 4pt\"><fo:block>" + text
        + "</fo:block></fo:table-cell><fo:table-cell padding=\"2.8pt 4pt\"><fo:block text-align=\"right\">" + figure
        + "</fo:block></fo:table-cell></fo:table-row>";

    static string Result(StatementData data)
    {
        var amount = $"<fo:inline font-weight=\"bold\">{data.Amount} kr.</fo:inline>";
        return data.OwesTax
            ? $"Du har betalt for lidt i skat. Du skal betale {amount} i restskat. "
                + $"Beløbet skal være betalt senest den {data.Date}. "
                + "Betaler du før den dag, sparer du en del af renten. Du kan også vælge at betale i tre rater, "
                + "eller at få op til et fast beløb indregnet i din forskudsopgørelse for næste år, "
                + "så det trækkes lidt efter lidt."
            : $"Du har betalt nok i skat. Du får {amount} tilbage. "
                + $"Er beløbet over nul, står pengene på din NemKonto senest den {data.Date}. "
                + "Du skal ikke gøre noget. Vi beder dig aldrig om at oplyse dit kontonummer eller dine koder i en "
                + "e-mail eller en sms.";
    }
}
