using System.Text.Json;

namespace Dispatch.Worker.Register.Changes;

/// <summary>people.csv: a person as they are from then on, or that they are no longer in the register.</summary>
sealed class PersonChange()
    : ChangeKind("person", "people.csv", PeopleColumn.Names, PeopleColumn.Names[PeopleColumn.Cpr])
{
    public override ChangeKey ReadKey(RegisterFile file, bool isRemoval) => new(file.ReadCpr(PeopleColumn.Cpr));

    public override void WriteContent(RegisterFile file, Utf8JsonWriter json)
    {
        var person = PersonValues.Read(file);
        if (person.Guardian == person.Cpr)
        {
            throw file.ValueFault(PeopleColumn.Guardian, "another person's number, or nothing");
        }

        json.WriteNumber("facts", PeopleTable.Facts(file, person).Packed);
        json.WriteNumber("birth_day", person.BirthDay);
        json.WriteNumber("status", person.Status);
        json.WriteOptionalNumber("current_cpr", person.CurrentCpr);
        json.WriteDate("status_date", person.StatusDate);
        json.WriteDate("birth_date", person.BirthDate);
        for (var column = PeopleColumn.Name; column <= PeopleColumn.City; column++)
        {
            json.WriteText(file, column, PeopleColumn.Names[column]);
        }

        file.ReadCountry(PeopleColumn.Country);
        json.WriteText(file, PeopleColumn.Country, "country");
        json.WriteText(file, PeopleColumn.Contact, "contact");
        json.WriteBoolean("protected", person.IsProtected);
        json.WriteBoolean("exempt", person.IsExempt);
        json.WriteBoolean("voluntary", person.IsVoluntary);
        json.WriteOptionalNumber("guardian", person.Guardian);
        json.WriteEmail(file, PeopleColumn.Email);
        json.WritePhone(file, PeopleColumn.Phone);
        json.WriteString("notify", file.ReadNotify(PeopleColumn.Notify));
    }
}
