using System.Globalization;

namespace Dispatch.LoadRun;

/// <summary>What differs from one tax statement to the next: made from its number alone, no two alike. Nobody
/// real.</summary>
sealed record StatementData(
    string Name, string Street, string Town, bool OwesTax, string Amount, string Date, string[] Figures)
{
    /// <summary>The columns of the sample letter's table, top to bottom.</summary>
    public static readonly string[] FigureColumns =
    [
        "loen", "pension", "am_bidrag", "personlig_indkomst", "renteindtaegter", "renteudgifter", "befordring",
        "fagforening",
        "beskaeftigelsesfradrag", "skattepligtig_indkomst", "beregnet_skat", "betalt_skat",
    ];

    static readonly CultureInfo Danish = CultureInfo.GetCultureInfo("da-DK");
    static readonly string[] GivenNames = ["Åse", "Mathilde", "Søren", "Valdemar", "Yrsa", "Ida", "Tove", "Wilhelm"];
    static readonly string[] FamilyNames =
        ["Bach Hansen", "Ærø", "Thygesen", "Vestergaard", "Juul", "Østergaard Friis"];
    static readonly string[] Streets = ["Algade", "Lærkevej", "Tordenskjoldsgade", "Vesterbrogade", "Åboulevarden"];
    static readonly string[] Towns =
        ["1123 København K", "5970 Ærøskøbing", "8000 Aarhus C", "9000 Aalborg", "4000 Roskilde"];

    public string Address => $"{Name}\n{Street}\n{Town}";

    public static StatementData Of(int number)
    {
        // Knuth's multiplier spreads neighbours; the number itself in the street keeps every letter apart.
        var seed = unchecked((uint)number * 2_654_435_761);
        string Pick(string[] from, int shift) => from[(seed >> shift) % from.Length];
        string Figure(int row) => ((seed >> row) % 60_000_000 / 100m * (row % 3 == 2 ? -1 : 1)).ToString("N2", Danish);
        return new(
            $"{Pick(GivenNames, 3)} {Pick(FamilyNames, 7)}",
            $"{Pick(Streets, 11)} {number}, {number % 6}. tv",
            Pick(Towns, 17),
            seed % 3 == 0,
            (seed % 4_000_000 / 100m).ToString("N2", Danish),
            seed % 3 == 0 ? "2026-07-01" : "2026-04-13",
            [.. Enumerable.Range(0, FigureColumns.Length).Select(Figure)]);
    }

    /// <summary>The value of a column of the sample's list.</summary>
    public string ValueOf(string column) => column switch
    {
        "restskat" => OwesTax ? "1" : "0",
        "beloeb" => Amount,
        "dato" => Date,
        _ => Figures[Array.IndexOf(FigureColumns, column)],
    };
}
