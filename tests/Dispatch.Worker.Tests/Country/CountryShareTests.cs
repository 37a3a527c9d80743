namespace Dispatch.Worker.Tests.Country;

[Collection(GeneratedCountryCollection.Name)]
public sealed class CountryShareTests(GeneratedCountry country)
{
    [Fact]
    public void Exempt_OfResidentsOf15AndOver_IsFivePercent()
    {
        var residents = country.People
            .Where(person => person["status"] == "01" && CprOracle.Age(person["cpr"]) >= 15).ToList();

        Assert.InRange(residents.Count(person => person["exempt"] == "1") / (double)residents.Count, 0.047, 0.053);
    }

    [Fact]
    public void Ages_MakeAPlausiblePyramid()
    {
        var ages = country.People.Select(person => CprOracle.Age(person["cpr"])).ToList();

        Assert.Equal(0, ages.Min());
        Assert.InRange(ages.Max(), 101, 105);
        Assert.InRange(Share(ages.Count(age => age < 15)), 0.16, 0.18);
        for (var decade = 0; decade < 80; decade += 10)
        {
            Assert.InRange(Share(ages.Count(age => age / 10 * 10 == decade)), 0.06, 0.16);
        }
    }

    [Theory]
    [InlineData("03", 0.0007, 0.0014)]
    [InlineData("05", 0.0001, 0.0015)]
    [InlineData("07", 0.00002, 0.0005)]
    [InlineData("10", 0.00001, 0.0005)]
    [InlineData("20", 0.0002, 0.0015)]
    [InlineData("30", 0.00001, 0.0005)]
    [InlineData("50", 0.00001, 0.0005)]
    [InlineData("60", 0.0002, 0.001)]
    [InlineData("70", 0.00002, 0.0005)]
    [InlineData("80", 0.01, 0.02)]
    [InlineData("90", 0.0012, 0.0025)]
    public void Status_OfAll_HasItsShare(string status, double low, double high) =>
        Assert.InRange(Share(country.People.Count(person => person["status"] == status)), low, high);

    [Fact]
    public void Flags_OfAll_HaveTheirShares()
    {
        Assert.InRange(Share(country.People.Count(person => person["protected"] == "1")), 0.002, 0.004);
        Assert.InRange(Share(country.People.Count(person => person["guardian"].Length > 0)), 0.0008, 0.002);
        Assert.InRange(Share(country.People.Count(person => person["voluntary"] == "1")), 0.001, 0.004);
        Assert.InRange(Share(country.Registrations.Count), 0.2, 0.4);
        Assert.InRange(Share(country.ReadAccess.Count), 0.02, 0.08);
        Assert.Contains(country.People, person => person["status"] == "03" && person["protected"] == "1");
        Assert.Contains(country.People, person => person["status"] == "01" && person["contact"].Length > 0);
        Assert.Contains(country.People, person => person["status"] == "80" && person["contact"].Length == 0);
        Assert.Contains(country.Companies, company => company["status"] == "closed");
        Assert.Contains(country.Companies, company => company["exempt"] == "1");
    }

    [Fact]
    public void Recipients_AreEveryoneOf15AndOverAndAHundredthOfTheChildren()
    {
        var listed = country.Recipients.Select(row => row["recipient"]).ToList();
        var grown = country.People.Select(person => person["cpr"]).Where(cpr => CprOracle.Age(cpr) >= 15).ToHashSet();
        var children = listed.Where(cpr => CprOracle.Age(cpr) < 15).ToList();

        Assert.Distinct(listed);
        Assert.InRange(Share(listed.Count), 0.82, 0.84);
        Assert.Equal(grown.Count + children.Count, listed.Count);
        Assert.Superset(grown, listed.ToHashSet());
        Assert.InRange(children.Count / (double)(GeneratedCountry.PeopleCount - grown.Count), 0.007, 0.013);
    }

    static double Share(int count) => count / (double)GeneratedCountry.PeopleCount;
}
