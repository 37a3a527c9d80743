namespace Dispatch.Worker.Country;

/// <summary>A bank or insurer people may have allowed to write to them digitally. They are the first
/// companies.</summary>
/// <param name="RegisteredPerMillion">Share of those of 15 and over who have.</param>
sealed record PrivateSender(int Cvr, string Name, int RegisteredPerMillion)
{
    public static readonly PrivateSender[] All =
        [.. CvrNumbers.All().Zip(Names, (cvr, sender) => new PrivateSender(cvr, sender.Name, sender.PerMillion))];

    static (string Name, int PerMillion)[] Names =>
    [
        ("Øresundsbanken A/S", 110_000),
        ("Forsikringsselskabet Fyrtårnet A/S", 80_000),
        ("Pensionskassen Egetræet", 60_000),
        ("Landsparekassen", 45_000),
        ("Elselskabet Blæsten A/S", 35_000),
        ("Boligselskabet Ådalen", 20_000),
    ];
}
