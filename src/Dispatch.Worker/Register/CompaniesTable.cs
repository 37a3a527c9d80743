using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Register;

namespace Dispatch.Worker.Register;

/// <summary>companies.csv and register.companies.</summary>
sealed class CompaniesTable : KeyedTable
{
    public const int Cvr = 0;
    public const int Name = 1;
    public const int Co = 2;
    public const int Street = 3;
    public const int Place = 4;
    public const int Postcode = 5;
    public const int City = 6;
    public const int Country = 7;
    public const int Status = 8;
    public const int Exempt = 9;
    public const int Email = 10;
    const short TableColumns = 14;

    public override string FileName => "companies.csv";

    public override IReadOnlyList<string> Columns { get; } =
        ["cvr", "name", "co", "street", "place", "postcode", "city", "country", "status", "exempt", "email"];

    public override string KeyColumn => Columns[Cvr];

    public override string CopySql =>
        """
        copy register.companies (cvr, person_id, facts, removed, name, co, street, place, postcode, city, country,
            active, exempt, email)
        from stdin (format binary, freeze)
        """;

    public override string KnownIdsSql =>
        "copy (select cvr::bigint, person_id from register.companies order by cvr) to stdout (format binary)";

    public override uint Check(RegisterFile file)
    {
        file.ReadCountry(Country);
        ReadIsActive(file);
        file.ReadFlag(Exempt);
        return ReadKey(file);
    }

    public override uint ReadKey(RegisterFile file) => file.ReadCvr(Cvr);

    public override void WriteRow(
        RegisterFile file, int personId, CopyRows rows, RegisterSnapshotBuilder? image)
    {
        var facts = Facts(file);
        image?.AddCompany(ReadKey(file), personId, facts, file[Name]);
        var isActive = ReadIsActive(file);
        var isExempt = file.ReadFlag(Exempt);
        rows.BeginRow(TableColumns);
        rows.Int32((int)ReadKey(file));
        rows.Int32(personId);
        rows.Int32(facts.Packed);
        rows.Bool(false);
        rows.Text(file[Name]);
        for (var column = Co; column <= Country; column++)
        {
            rows.OptionalText(file[column]);
        }

        rows.Bool(isActive);
        rows.Bool(isExempt);
        rows.OptionalText(file[Email]);
    }

    public override void WriteRemovedRow(uint key, int personId, CopyRows rows)
    {
        rows.BeginRow(TableColumns);
        rows.Int32((int)key);
        rows.Int32(personId);
        rows.Int32(0);
        rows.Bool(true);
        rows.Text([]);
        for (var column = Co; column <= Country; column++)
        {
            rows.Null();
        }

        rows.Bool(false);
        rows.Bool(false);
        rows.Null();
    }

    public static PersonFacts Facts(RegisterFile file) => PersonFacts.Company(
        !ReadIsActive(file), file.ReadFlag(Exempt), hasStreet: !RegisterValue.IsBlank(file[Street]),
        hasUnusualText: HasUnusualText(file));

    public static bool ReadIsActive(RegisterFile file)
    {
        var isActive = file[Status].SequenceEqual("active"u8);
        return isActive || file[Status].SequenceEqual("closed"u8)
            ? isActive
            : throw file.ValueFault(Status, "active or closed");
    }

    static bool HasUnusualText(RegisterFile file) => !PostalAddress.IsPlain(new(
        file.ReadText(Name), file.ReadText(Co), file.ReadText(Street), file.ReadText(Place), file.ReadText(Postcode),
        file.ReadText(City), file.ReadText(Country), Contact: "", Status: 0, IsCompany: true, IsUnder15: false));
}
