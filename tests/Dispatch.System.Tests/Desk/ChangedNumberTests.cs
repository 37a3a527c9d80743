namespace Dispatch.System.Tests.Desk;

/// <summary>Whoever gets another CPR number keeps their mailbox, whatever becomes of the older one.</summary>
[Collection(DeskCollection.Name)]
public sealed class ChangedNumberTests(DeskFixture desk)
{
    const string PeopleHeader =
        "op;effective_at;cpr;status;status_date;current_cpr;birth_date;name;co;street;place;postcode;city;country;"
        + "contact;protected;exempt;voluntary;guardian;email;phone;notify\n";

    [Fact]
    public async Task Changes_NumberThatBecameAnotherIsLeftOut_KeepsTheirLettersInTheMailbox()
    {
        var (former, now) = (desk.Enrolled[111].Cpr, desk.Enrolled[117].Cpr);
        var job = desk.Job([former]);
        (await job.RunAsync()).Expect(0);
        var folder = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, "number")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "people.csv"),
            PeopleHeader + $"put;2026-01-02;{former};60;;{now};;;;;;;;;;;;;;;;\n"
            + $"remove;2026-01-03;{former};;;;;;;;;;;;;;;;;;;\n");
        (await desk.Site.RunAsync("register", "import", "--changes", folder)).Expect(0);

        var letters = (await desk.Site.RunWithInputAsync(
            now, "mailbox", "list", "--as", "owner", "--reason", "a call", "--json")).Expect(0);

        Assert.Equal(1, Assert.Single(letters.Json.EnumerateArray()).GetProperty("rowNo").GetInt32());
        var again = desk.Job([former]);
        (await again.RunAsync()).Expect(3);
        Assert.Equal("1 refused register.unknown", await again.EffectsAsync());
    }
}
