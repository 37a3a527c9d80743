using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dispatch.Worker.Tests.Country;

[Collection(GeneratedCountryCollection.Name)]
public sealed partial class CountryFileTests(GeneratedCountry country)
{
    static readonly string[] MoneyColumns =
    [
        "loen", "pension", "am_bidrag", "personlig_indkomst", "renteindtaegter", "renteudgifter", "befordring",
        "fagforening", "beskaeftigelsesfradrag", "skattepligtig_indkomst", "beregnet_skat", "betalt_skat", "beloeb",
    ];

    [Theory]
    [InlineData("people.csv",
        "cpr;status;status_date;current_cpr;birth_date;name;co;street;place;postcode;city;country;contact;protected;"
        + "exempt;voluntary;guardian;email;phone;notify")]
    [InlineData("companies.csv", "cvr;name;co;street;place;postcode;city;country;status;exempt;email")]
    [InlineData("read_access.csv", "owner;reader;granted_by;from;to;notify")]
    [InlineData("registrations.csv", "cpr;sender_cvr")]
    public void RegisterFile_Header_IsTheContracts(string file, string header) =>
        Assert.Equal(header, country.FirstLine("register/" + file));

    [Fact]
    public void People_Addresses_AreOfPlausibleWidth()
    {
        Assert.All(country.People, person =>
        {
            Assert.InRange(person["name"].Length, 5, 60);
            Assert.InRange(person["street"].Length, 0, 40);
            Assert.InRange(person["co"].Length, 0, 34);
            Assert.InRange(person["place"].Length, 0, 34);
            Assert.InRange((person["postcode"] + " " + person["city"]).Length, 1, 34);
            Assert.All(person["contact"].Split('|'), line => Assert.InRange(line.Length, 0, 34));
        });
        Assert.All(
            country.People.Where(person => person["status"] == "01"),
            person => Assert.Matches(HomeAddress(), person["street"] + "|" + person["postcode"]));
        Assert.True(country.People.Select(person => person["postcode"]).Distinct().Count() > 400);
        Assert.Contains(country.People, person => person["name"].Contains("Sø", StringComparison.Ordinal));
    }

    [Fact]
    public void People_MailAndPhone_ReachNobody()
    {
        Assert.All(country.People.Where(person => person["email"].Length > 0), person =>
            Assert.Matches("^[a-z.-]+[0-9]+@example\\.(com|org|net)$", person["email"]));
        Assert.All(country.People.Where(person => person["phone"].Length > 0), person =>
            Assert.Matches("^\\+4500[0-9]{6}$", person["phone"]));
        Assert.DoesNotContain(
            country.People, person => person["notify"] is "email" or "both" && person["email"].Length == 0);
        Assert.DoesNotContain(
            country.People, person => person["notify"] is "sms" or "both" && person["phone"].Length == 0);
    }

    [Fact]
    public void Recipients_Amounts_AreDanishMoneyThatAddsUp()
    {
        Assert.All(country.Recipients, row =>
        {
            Assert.All(MoneyColumns, column => Assert.Matches(DanishMoney(), row[column]));
            Assert.Equal(
                Oere(row["personlig_indkomst"]), Oere(row["loen"]) + Oere(row["am_bidrag"]) + Oere(row["pension"]));
            var paidTooMuch = Oere(row["betalt_skat"]) - Oere(row["beregnet_skat"]);
            Assert.Equal(paidTooMuch < 0 ? "1" : "0", row["restskat"]);
            Assert.Equal(Math.Abs(paidTooMuch), Oere(row["beloeb"]));
            Assert.Matches("^2026-(04|07)-[0-9]{2}$", row["dato"]);
        });
    }

    [Fact]
    public void Recipients_References_RepeatForOldNumbersOnly()
    {
        var current = country.People.Where(person => person["current_cpr"].Length > 0)
            .ToDictionary(person => person["cpr"], person => person["current_cpr"]);
        var reference = country.Recipients.ToDictionary(row => row["recipient"], row => row["reference"]);

        Assert.All(
            current.Where(pair => reference.ContainsKey(pair.Key)),
            pair => Assert.Equal(reference[pair.Value], reference[pair.Key]));
        Assert.Distinct(reference.Where(pair => !current.ContainsKey(pair.Key)).Select(pair => pair.Value));
        Assert.NotEqual(country.Recipients.Select(row => row["recipient"]).Order(),
            country.Recipients.Select(row => row["recipient"]));
    }

    [Fact]
    public void Job_Order_CountsTheListAndLetterUsesItsColumns()
    {
        var job = Path.Combine(country.Folder, "tax-statement");
        using var order = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(job, "job.json")));
        var letter = File.ReadAllText(Path.Combine(job, "letter.md"), Encoding.UTF8);
        var columns = country.FirstLine("tax-statement/recipients.csv").Split(';');
        var fields = MergeField().Matches(letter).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Equal(
            country.Recipients.Count,
            order.RootElement.GetProperty("recipients").GetProperty("expectedRows").GetInt32());
        Assert.Equal("19552101", order.RootElement.GetProperty("sender").GetProperty("cvr").GetString());
        Assert.All(columns, column => Assert.Matches("^[a-z_]+$", column));
        Assert.Empty(fields.Except(columns).Except(["job.title", "recipient.name", "sender.name", "else"]));
        Assert.Empty(columns.Except(fields).Except(["recipient", "reference"]));
    }

    static long Oere(string money) =>
        long.Parse(
            money.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture);

    [GeneratedRegex("^-?(0|[1-9][0-9]{0,2}(\\.[0-9]{3})*),[0-9]{2}$")]
    private static partial Regex DanishMoney();

    [GeneratedRegex("^.+ [1-9][0-9]{0,2}[A-Z]?(, (st|kl|[1-9])\\.( (th|tv|mf|[1-9][0-9]?))?)?\\|[0-9]{4}$")]
    private static partial Regex HomeAddress();

    [GeneratedRegex("\\{\\{(?:#if )?([a-z_.]+)(?::[a-z-]+)?\\}\\}")]
    private static partial Regex MergeField();
}
