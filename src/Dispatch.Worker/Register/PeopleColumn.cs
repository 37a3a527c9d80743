namespace Dispatch.Worker.Register;

/// <summary>Columns of people.csv; the numbers are indices into <see cref="Names"/>.</summary>
static class PeopleColumn
{
    public const int Cpr = 0;
    public const int Status = 1;
    public const int StatusDate = 2;
    public const int CurrentCpr = 3;
    public const int BirthDate = 4;
    public const int Name = 5;
    public const int Co = 6;
    public const int Street = 7;
    public const int Place = 8;
    public const int Postcode = 9;
    public const int City = 10;
    public const int Country = 11;
    public const int Contact = 12;
    public const int Protected = 13;
    public const int Exempt = 14;
    public const int Voluntary = 15;
    public const int Guardian = 16;
    public const int Email = 17;
    public const int Phone = 18;
    public const int Notify = 19;

    public static readonly IReadOnlyList<string> Names =
    [
        "cpr", "status", "status_date", "current_cpr", "birth_date", "name", "co", "street", "place", "postcode",
        "city", "country", "contact", "protected", "exempt", "voluntary", "guardian", "email", "phone", "notify",
    ];
}
