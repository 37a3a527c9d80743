using System.Globalization;

namespace Dispatch.Worker.Tests.Country;

[Collection(GeneratedCountryCollection.Name)]
public sealed class CountryNumberTests(GeneratedCountry country)
{
    [Fact]
    public void People_Numbers_AreNobodys()
    {
        var numbers = country.People.Select(person => person["cpr"]).ToList();

        Assert.All(numbers, number => Assert.Matches("^[0-9]{10}$", number));
        Assert.DoesNotContain(numbers, CprOracle.PassesModulus11);
        Assert.DoesNotContain(numbers, number => number.StartsWith("0101", StringComparison.Ordinal));
        Assert.Equal(GeneratedCountry.PeopleCount, numbers.Distinct().Count());
    }

    [Fact]
    public void People_BirthDate_IsThatOfTheNumber()
    {
        var dated = country.People.Where(person => person["birth_date"].Length > 0).ToList();

        Assert.InRange(dated.Count, 0.9 * GeneratedCountry.PeopleCount, 0.99 * GeneratedCountry.PeopleCount);
        Assert.All(dated, person =>
            Assert.Equal(
                person["birth_date"],
                CprOracle.BirthDate(person["cpr"]).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void People_References_LeadToPeople()
    {
        var numbers = country.People.Select(person => person["cpr"]).ToHashSet();
        var old = country.People.Where(person => person["status"] is "50" or "60").ToList();

        Assert.NotEmpty(old);
        Assert.All(old, person => Assert.Contains(person["current_cpr"], numbers));
        Assert.All(old, person => Assert.NotEqual(person["cpr"], person["current_cpr"]));
        Assert.All(
            country.People.Where(person => person["guardian"].Length > 0),
            person => Assert.InRange(CprOracle.Age(person["guardian"]), 18, 105));
        Assert.All(country.ReadAccess, access => Assert.Contains(access["owner"], numbers));
        Assert.All(country.ReadAccess, access => Assert.Contains(access["reader"], numbers));
        Assert.All(country.Registrations, registration => Assert.Contains(registration["cpr"], numbers));
    }

    [Fact]
    public void ReadAccess_Keys_AreNotRepeated()
    {
        Assert.NotEmpty(country.ReadAccess);
        Assert.Distinct(country.ReadAccess.Select(access => (access["owner"], access["reader"], access["from"])));
        Assert.Distinct(
            country.Registrations.Select(registration => (registration["cpr"], registration["sender_cvr"])));
        Assert.DoesNotContain(country.ReadAccess, access => access["owner"] == access["reader"]);
    }

    [Fact]
    public void Companies_Numbers_HaveTheirCheckDigit()
    {
        int[] weights = [2, 7, 6, 5, 4, 3, 2, 1];

        Assert.Equal(GeneratedCountry.PeopleCount / 50, country.Companies.Count);
        Assert.Distinct(country.Companies.Select(company => company["cvr"]));
        Assert.All(country.Companies, company => Assert.Matches("^9[0-9]{7}$", company["cvr"]));
        Assert.All(country.Companies, company => Assert.Equal(
            0, company["cvr"].Zip(weights, (digit, weight) => (digit - '0') * weight).Sum() % 11));
    }
}
