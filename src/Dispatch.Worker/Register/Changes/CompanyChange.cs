using System.Text.Json;

namespace Dispatch.Worker.Register.Changes;

/// <summary>companies.csv: a company as it is from then on, or that it is no longer in the register.</summary>
sealed class CompanyChange()
    : ChangeKind("company", "companies.csv", KeyedTable.Companies.Columns, KeyedTable.Companies.KeyColumn)
{
    public override ChangeKey ReadKey(RegisterFile file, bool isRemoval) => new(file.ReadCvr(CompaniesTable.Cvr));

    public override void WriteContent(RegisterFile file, Utf8JsonWriter json, CopyRows row)
    {
        json.WriteNumber("facts", CompaniesTable.Facts(file).Packed);
        for (var column = CompaniesTable.Name; column <= CompaniesTable.City; column++)
        {
            json.WriteText(file, column, KeyedTable.Companies.Columns[column]);
        }

        file.ReadCountry(CompaniesTable.Country);
        json.WriteText(file, CompaniesTable.Country, "country");
        json.WriteBoolean("active", CompaniesTable.ReadIsActive(file));
        json.WriteBoolean("exempt", file.ReadFlag(CompaniesTable.Exempt));
        json.WriteEmail(file, CompaniesTable.Email);
    }
}
