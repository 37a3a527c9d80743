using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Register;

namespace Dispatch.Worker.Register;

/// <summary>people.csv and register.people.</summary>
sealed class PeopleTable : KeyedTable
{
    const short TableColumns = 24;

    public override string FileName => "people.csv";

    public override IReadOnlyList<string> Columns => PeopleColumn.Names;

    public override string KeyColumn => Columns[PeopleColumn.Cpr];

    public override string CopySql =>
        """
        copy register.people (cpr, person_id, facts, birth_day, status, current_cpr, removed, status_date, birth_date,
            name, co, street, place, postcode, city, country, contact, protected, exempt, voluntary, guardian, email,
            phone, notify)
        from stdin (format binary, freeze)
        """;

    public override string KnownIdsSql =>
        "copy (select cpr, person_id from register.people order by cpr) to stdout (format binary)";

    public override uint Check(RegisterFile file)
    {
        file.ReadCountry(PeopleColumn.Country);
        file.ReadNotify(PeopleColumn.Notify);
        return PersonValues.Read(file).Cpr;
    }

    public override uint ReadKey(RegisterFile file) => file.ReadCpr(PeopleColumn.Cpr);

    public override void WriteRow(
        RegisterFile file, int personId, CopyRows rows, RegisterSnapshotBuilder? image)
    {
        var person = PersonValues.Read(file);
        var facts = Facts(file, person);
        image?.AddPerson(
            person.Cpr, personId, facts, (ushort)person.BirthDay, person.CurrentCpr, file[PeopleColumn.Name]);
        rows.BeginRow(TableColumns);
        rows.Int64(person.Cpr);
        rows.Int32(personId);
        rows.Int32(facts.Packed);
        rows.Int32(person.BirthDay);
        rows.Int16((short)person.Status);
        rows.OptionalNumber(person.CurrentCpr);
        rows.Bool(false);
        rows.OptionalDate(person.StatusDate);
        rows.OptionalDate(person.BirthDate);
        rows.Text(file[PeopleColumn.Name]);
        for (var column = PeopleColumn.Co; column <= PeopleColumn.Contact; column++)
        {
            rows.OptionalText(file[column]);
        }

        rows.Bool(person.IsProtected);
        rows.Bool(person.IsExempt);
        rows.Bool(person.IsVoluntary);
        rows.OptionalNumber(person.Guardian);
        rows.OptionalText(file[PeopleColumn.Email]);
        rows.OptionalText(file[PeopleColumn.Phone]);
        rows.Text(file.ReadNotify(PeopleColumn.Notify));
    }

    public override void WriteRemovedRow(uint key, int personId, CopyRows rows)
    {
        rows.BeginRow(TableColumns);
        rows.Int64(key);
        rows.Int32(personId);
        rows.Int32(0);
        rows.Int32(0);
        rows.Int16(0);
        rows.Null();
        rows.Bool(true);
        rows.Null();
        rows.Null();
        rows.Text([]);
        for (var column = PeopleColumn.Co; column <= PeopleColumn.Contact; column++)
        {
            rows.Null();
        }

        rows.Bool(false);
        rows.Bool(false);
        rows.Bool(false);
        rows.Null();
        rows.Null();
        rows.Null();
        rows.Text("none"u8);
    }

    public static PersonFacts Facts(RegisterFile file, in PersonValues person) => PersonFacts.Person(
        person.Status, person.IsProtected, person.IsExempt, person.IsVoluntary,
        hasContact: !RegisterValue.IsBlank(file[PeopleColumn.Contact]),
        hasStreet: !RegisterValue.IsBlank(file[PeopleColumn.Street]),
        hasUnusualText: HasUnusualText(file, person));

    static bool HasUnusualText(RegisterFile file, in PersonValues person) => !PostalAddress.IsPlain(new(
        file.ReadText(PeopleColumn.Name), file.ReadText(PeopleColumn.Co), file.ReadText(PeopleColumn.Street),
        file.ReadText(PeopleColumn.Place), file.ReadText(PeopleColumn.Postcode), file.ReadText(PeopleColumn.City),
        file.ReadText(PeopleColumn.Country), file.ReadText(PeopleColumn.Contact), person.Status,
        IsCompany: false, IsUnder15: false));
}
