namespace Dispatch.Worker.Tests.Register;

/// <summary>A line of people.csv.</summary>
sealed record PersonLine(string Cpr)
{
    public const string Header =
        "cpr;status;status_date;current_cpr;birth_date;name;co;street;place;postcode;city;country;contact;protected;"
        + "exempt;voluntary;guardian;email;phone;notify";

    public string Status { get; init; } = "01";

    public string StatusDate { get; init; } = "2001-05-04";

    public string CurrentCpr { get; init; } = "";

    public string BirthDate { get; init; } = "";

    public string Name { get; init; } = "Lærke Østergaard";

    public string Co { get; init; } = "";

    public string Street { get; init; } = "Lærkevej 9C, 1. tv";

    public string Place { get; init; } = "";

    public string Postcode { get; init; } = "2450";

    public string City { get; init; } = "København SV";

    public string Country { get; init; } = "";

    public string Contact { get; init; } = "";

    public string Protected { get; init; } = "";

    public string Exempt { get; init; } = "";

    public string Voluntary { get; init; } = "";

    public string Guardian { get; init; } = "";

    public string Notify { get; init; } = "none";

    public override string ToString() => string.Join(
        ';', Cpr, Status, StatusDate, CurrentCpr, BirthDate, Name, Co, Street, Place, Postcode, City, Country, Contact,
        Protected, Exempt, Voluntary, Guardian, "someone@example.dk", "00000000", Notify);
}
