namespace Dispatch.System.Tests.Oracle.World;

/// <summary>The address cases: every person of the grid is made once with each.</summary>
static class Addresses
{
    /// <summary>Sixty broad letters take three lines of any envelope's window.</summary>
    static readonly string WideLine = string.Join(' ', Enumerable.Repeat("WWWWWWWWW", 6));

    public static IReadOnlyList<Func<Person, Person>> Cases { get; } =
        [None, StreetOnly, ContactOnly, StreetAndContact, ForeignContact, Greenland, GreenlandWithoutCountry];

    public static Person None(Person p) => p with { Street = "", Contact = "" };

    public static Person StreetOnly(Person p) =>
        p with { Co = "c/o Kanarinavn", Street = "Kanarivej 9C, 1. tv", Postcode = "8000", City = "Aarhus C" };

    public static Person ContactOnly(Person p) => p with { Contact = "Kanarihuset|Kanaristræde 4|5000 Odense C" };

    public static Person StreetAndContact(Person p) => StreetOnly(ContactOnly(p));

    public static Person ForeignContact(Person p) =>
        p with { Contact = "Kanariengasse 7|20095 Hamburg", Country = "DE" };

    public static Person Greenland(Person p) =>
        p with { Street = "Kanaariaqqut 3", Postcode = "3900", City = "Nuuk", Country = "GL" };

    public static Person GreenlandWithoutCountry(Person p) => Greenland(p) with { Country = "" };

    public static Person ForeignGlyph(Person p) => p with { Contact = "Kanarivej 1, 中|2100 København Ø" };

    public static Person Overlong(Person p) =>
        p with { Contact = string.Join('|', Enumerable.Repeat(WideLine, 5)), HasOverlongAddress = true };
}
