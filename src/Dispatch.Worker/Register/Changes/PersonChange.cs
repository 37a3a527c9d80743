using System.Text;
using System.Text.Json;

namespace Dispatch.Worker.Register.Changes;

/// <summary>people.csv: a person as they are from then on, or that they are no longer in the register.</summary>
sealed class PersonChange()
    : ChangeKind("person", "people.csv", PeopleColumn.Names, PeopleColumn.Names[PeopleColumn.Cpr])
{
    public override IReadOnlyList<string> StagedColumns { get; } = StagedChanges.PersonColumns.Split(", ");

    public override ChangeKey ReadKey(RegisterFile file, bool isRemoval) => new(file.ReadCpr(PeopleColumn.Cpr));

    public override void WriteContent(RegisterFile file, Utf8JsonWriter json, CopyRows row)
    {
        var person = PersonValues.Read(file);
        if (person.Guardian == person.Cpr)
        {
            throw file.ValueFault(PeopleColumn.Guardian, "another person's number, or nothing");
        }

        file.ReadCountry(PeopleColumn.Country);
        var facts = PeopleTable.Facts(file, person).Packed;
        var notify = file.ReadNotify(PeopleColumn.Notify);
        json.WriteNumber("facts", facts);
        json.WriteNumber("birth_day", person.BirthDay);
        json.WriteNumber("status", person.Status);
        json.WriteOptionalNumber("current_cpr", person.CurrentCpr);
        json.WriteDate("status_date", person.StatusDate);
        json.WriteDate("birth_date", person.BirthDate);
        for (var column = PeopleColumn.Name; column <= PeopleColumn.Contact; column++)
        {
            json.WriteText(file, column, PeopleColumn.Names[column]);
        }

        json.WriteBoolean("protected", person.IsProtected);
        json.WriteBoolean("exempt", person.IsExempt);
        json.WriteBoolean("voluntary", person.IsVoluntary);
        json.WriteOptionalNumber("guardian", person.Guardian);
        json.WriteEmail(file, PeopleColumn.Email);
        var phone = json.WritePhone(file, PeopleColumn.Phone);
        json.WriteString("notify", notify);
        Stage(file, person, facts, phone, row);
        row.Text(notify);
    }

    static void Stage(RegisterFile file, in PersonValues person, int facts, string? phone, CopyRows row)
    {
        row.Int32(facts);
        row.Int32(person.BirthDay);
        row.Int16((short)person.Status);
        row.OptionalNumber(person.CurrentCpr);
        row.OptionalDate(person.StatusDate);
        row.OptionalDate(person.BirthDate);
        for (var column = PeopleColumn.Name; column <= PeopleColumn.Contact; column++)
        {
            row.OptionalText(file[column]);
        }

        row.Bool(person.IsProtected);
        row.Bool(person.IsExempt);
        row.Bool(person.IsVoluntary);
        row.OptionalNumber(person.Guardian);
        row.OptionalText(file[PeopleColumn.Email]);
        row.OptionalText(Encoding.UTF8.GetBytes(phone ?? ""));
    }
}
