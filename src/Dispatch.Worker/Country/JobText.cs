using System.Globalization;

namespace Dispatch.Worker.Country;

/// <summary>The order and the letter of the tax statement.</summary>
static class JobText
{
    /// <summary>Merge fields are the columns of <see cref="RecipientsFile.Header"/>.</summary>
    public const string Letter = """
    ![Våbenskjold](assets/crest.png)

    # {{job.title}}

    Kære {{recipient.name}}

    Din årsopgørelse er klar. Den viser, hvad du tjente i 2025, hvilke fradrag du fik, og hvad du har betalt i skat.
    Tallene kommer fra din arbejdsgiver, din bank, din pensionskasse og andre, som har pligt til at give os besked.
    **Gennemgå tallene.** Det er dit ansvar, at de er rigtige.

    ## Resultatet

    {{#if restskat}}
    Du har betalt for lidt i skat. Du skal betale **{{beloeb:money}} kr.** i restskat. Beløbet skal være betalt senest
    den {{dato:date-long}}. Betaler du før den dag, sparer du en del af renten. Du kan også vælge at betale i tre
    rater, eller at få op til et fast beløb indregnet i din forskudsopgørelse for næste år, så det trækkes lidt efter
    lidt.
    {{else}}
    Du har betalt nok i skat. Du får **{{beloeb:money}} kr.** tilbage. Er beløbet over nul, står pengene på din NemKonto
    senest den {{dato:date-long}}. Du skal ikke gøre noget. Vi beder dig aldrig om at oplyse dit kontonummer eller dine
    koder i en e-mail eller en sms.
    {{/if}}

    ## Sådan har vi regnet

    | Post | Beløb i kr. |
    |:-----|------------:|
    | Løn og anden indkomst | {{loen:money}} |
    | Pension og ydelser fra det offentlige | {{pension:money}} |
    | Arbejdsmarkedsbidrag, 8 procent | {{am_bidrag:money}} |
    | **Personlig indkomst** | {{personlig_indkomst:money}} |
    | Renteindtægter | {{renteindtaegter:money}} |
    | Renteudgifter | {{renteudgifter:money}} |
    | Fradrag for kørsel mellem hjem og arbejde | {{befordring:money}} |
    | Fradrag for fagforening | {{fagforening:money}} |
    | Beskæftigelsesfradrag | {{beskaeftigelsesfradrag:money}} |
    | **Skattepligtig indkomst** | {{skattepligtig_indkomst:money}} |
    | Beregnet skat | {{beregnet_skat:money}} |
    | Skat, du har betalt i årets løb | {{betalt_skat:money}} |

    Beløb med minus foran er trukket fra. Skatten er regnet af indkomsten, efter at dit personfradrag er trukket fra.
    Satserne er dem, der gælder for 2025 i din kommune.

    ## Det skal du se efter

    - Er din løn den samme, som der står på årets sidste lønseddel?
    - Har du fået fradrag for kørsel, og passer antallet af dage? Hjemmedage, ferie og sygdom tæller ikke med.
    - Er renterne af dine lån rigtige? Har I lån sammen, skal de være delt mellem jer.
    - Har du haft indkomst fra *udlandet*, fra udlejning eller fra salg af ting, som vi ikke kender til?

    ## Er noget forkert?

    1. Find din årsopgørelse i selvbetjeningen, og vælg *Ret årsopgørelsen*.
    2. Skriv de rigtige tal. Du ser straks, hvad ændringen betyder for din skat.
    3. Godkend. Du får en ny årsopgørelse, som gælder i stedet for denne.

    Du kan rette til og med den 1. maj 2026. Det gælder også fradrag, du har glemt. Gem dine kvitteringer og aftaler;
    vi kan bede om at se dem i indtil fem år.

    > Kan du ikke bruge selvbetjeningen, kan du få hjælp af en, du har givet fuldmagt, eller i borgerservice i din
    > kommune. Tag dette brev og legitimation med.

    Vil du klage over årsopgørelsen, skal du først bede os se på sagen igen. Er du stadig ikke enig, kan du klage til
    Skatteankestyrelsen senest tre måneder efter, at du har fået vores svar.

    ***

    Venlig hilsen

    **{{sender.name}}**

    """;

    public static string Order(int rows) => $$"""
        {
          "reference": "2026-aarsopgoerelse",
          "sender": {
            "cvr": "19552101",
            "name": "Skattestyrelsen",
            "kind": "public",
            "returnAddress": ["Skattestyrelsen", "Sluseholmen 8B", "2450 København SV"]
          },
          "messageType": "tax-statement",
          "title": "Årsopgørelse for 2025",
          "recipients": {
            "file": "recipients.csv",
            "separator": ";",
            "encoding": "utf-8",
            "culture": "da-DK",
            "expectedRows": {{rows.ToString(CultureInfo.InvariantCulture)}},
            "sha256": null
          },
          "letter": "letter.md",
          "channel": "auto",
          "unregistered": "paper",
          "paper": { "envelope": "C5-left", "postage": "economy", "duplex": true, "colour": false },
          "approval": "none",
          "stopAtRefusedShare": 0.05
        }

        """;
}
