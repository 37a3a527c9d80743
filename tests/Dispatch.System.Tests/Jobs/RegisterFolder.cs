using System.Globalization;
using Dispatch.System.Tests.Oracle;

namespace Dispatch.System.Tests.Jobs;

/// <summary>Writes a register folder as the register's owner would.</summary>
static class RegisterFolder
{
    static readonly string[] PeopleColumns =
    [
        "cpr", "status", "status_date", "current_cpr", "birth_date", "name", "co", "street", "place", "postcode",
        "city",
        "country", "contact", "protected", "exempt", "voluntary", "guardian", "email", "phone", "notify",
    ];

    static readonly string[] CompanyColumns =
        ["cvr", "name", "co", "street", "place", "postcode", "city", "country", "status", "exempt", "email"];

    public static string Write(string folder, Register register)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "people.csv", PeopleColumns, register.People.Values.Select(Cells));
        Write(folder, "companies.csv", CompanyColumns, register.Companies.Values.Select(Cells));
        Write(folder, "registrations.csv", ["cpr", "sender_cvr"],
            register.Registrations.Select(r => new[] { r.Cpr, r.SenderCvr }));
        return folder;
    }

    /// <summary>Writes a folder of changes: these people as they are from a day on.</summary>
    public static string WriteChanges(string folder, string day, IEnumerable<Person> people)
    {
        Directory.CreateDirectory(folder);
        Write(
            folder, "people.csv", ["op", "effective_at", .. PeopleColumns],
            people.Select(person => new[] { "put", day }.Concat(Cells(person)).ToArray()));
        return folder;
    }

    static void Write(string folder, string file, string[] columns, IEnumerable<string[]> rows)
    {
        using var writer = new StreamWriter(Path.Combine(folder, file));
        writer.Write(CsvText.Line(columns));
        foreach (var row in rows)
        {
            writer.Write(CsvText.Line(row));
        }
    }

    static string[] Cells(Person p) =>
    [
        p.Cpr, p.Status, "", p.CurrentCpr, p.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        p.Name, p.Co, p.Street, "", p.Postcode, p.City, p.Country, p.Contact,
        Flag(p.IsProtected), Flag(p.IsExempt), Flag(p.IsVoluntary), "", "", "", "none",
    ];

    static string[] Cells(Company c) =>
        [
            c.Cvr, c.Name, "", c.Street, "", c.Postcode, c.City, "", c.IsActive ? "active" : "closed",
            Flag(c.IsExempt), "",
        ];

    static string Flag(bool value) => value ? "1" : "0";
}
