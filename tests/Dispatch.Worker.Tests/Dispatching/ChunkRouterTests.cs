using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;

namespace Dispatch.Worker.Tests.Dispatching;

/// <summary>What the register holds of a receiver, and what may be printed of it.</summary>
public sealed class ChunkRouterTests
{
    const string Greeting = "Dear {{recipient.name}}";
    const string Careful = "{{#if recipient.name}}\nDear {{recipient.name}}\n{{/if}}\n\ntext";
    const string Address = "text\n\n{{recipient.address}}";

    static readonly PostalParty Home = new(
        "Åse Ærøe", "", "Lærkevej 9C", "", "5970", "Ærøskøbing", "", "", 1, IsCompany: false, IsUnder15: false);

    static readonly FontSet Fonts = FontSet.Load(new FontSettings());

    public static TheoryData<string, string, string, string, string> Names => new()
    {
        // Letter, channel, name, reason, detail.
        { Greeting, "auto", "Åse Ærøe", "enrolled", "" },
        { Greeting, "auto", "A\u202Eb", "field.char", "recipient.name U+202E" },
        { Greeting, "auto", "A\nb", "field.char", "recipient.name U+000A" },
        { Greeting, "auto", " ", "field.missing", "recipient.name" },
        { Greeting, "auto", "\u05D0", "render.glyph", "U+05D0" },
        { Careful, "auto", "", "enrolled", "" },
        { Careful, "auto", "A\u200Bb", "field.char", "recipient.name U+200B" },
        { "text", "auto", "A\u200Bb", "enrolled", "" },
        { "text", "auto", "", "enrolled", "" },
        { Greeting, "paper", "Åse Ærøe", "requested", "" },
        { Greeting, "paper", "", "field.missing", "recipient.name" },
        { Careful, "paper", "", "address.missing", "recipient.name" },
        { "text", "paper", " ", "address.missing", "recipient.name" },
        { "text", "paper", "A\u200Db", "field.char", "recipient.name U+200D" },
        { "text", "paper", "\u05D0", "render.glyph", "U+05D0" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Route_NameOfTheRegister_IsPrintedOnlyWhenItCanBe(
        string letter, string channel, string name, string reason, string detail)
    {
        // The planning pass of a run makes no letter that surely fits: it must come to the same.
        foreach (var measuresAll in new[] { true, false })
        {
            Assert.Equal(
                (reason, detail), await RouteAsync(letter, channel, Home with { Name = name }, measuresAll));
        }
    }

    [Theory]
    [InlineData("text", "paper", "field.char", "recipient.address U+202E")]
    [InlineData(Address, "auto", "field.char", "recipient.address U+202E")]
    [InlineData("text", "auto", "enrolled", "")]
    [InlineData(Greeting, "auto", "enrolled", "")]
    public async Task Route_AddressOfTheRegister_HoldsNoForbiddenCharacterWhereItIsPrinted(
        string letter, string channel, string reason, string detail)
    {
        var party = Home with { Street = "Vej\u202E 1" };
        Assert.Equal((reason, detail), await RouteAsync(letter, channel, party, measuresAll: false));

        // What a contact address hides is printed nowhere.
        var elsewhere = await RouteAsync(letter, channel, party with { Contact = "Vej 1|5970 By" }, false);
        Assert.Equal(
            reason == "field.char" ? (channel == "paper" ? "requested" : "enrolled") : reason, elsewhere.Reason);
        var broken = await RouteAsync(letter, channel, Home with { Contact = "Vej\n1|5970 By" }, false);
        Assert.Equal((reason, detail.Replace("202E", "000A", StringComparison.Ordinal)), broken);
    }

    static async Task<(string Reason, string Detail)> RouteAsync(
        string letter, string channel, PostalParty party, bool measuresAll)
    {
        var template = LetterTemplate.Parse(letter, "letter.md", new Dictionary<string, byte[]>());
        var order = new JobOrder
        {
            Reference = "r",
            Sender = new("19552101", "S", false, ["S"]),
            MessageType = "letter",
            Title = "T",
            Recipients = new("recipients.csv"),
            Letter = "letter.md",
            Channel = channel == "paper" ? JobChannel.PaperOnly : JobChannel.Auto,
        };
        var date = new DateOnly(2026, 11, 22);
        var job = JobRouting.Of(
            order, ["recipient"], LetterLayout.Create(template, JobLetter.SettingOf(order, date), Fonts), date);
        var router = new ChunkRouter(
            job, RegisterOf(party),
            (_, _, _) => Task.FromResult<Dictionary<int, PostalParty>?>(new() { [7] = party }), measuresAll);
        using var text = ChunkText.Of("0202801003\n"u8);
        var sink = new ProofSink();
        Assert.Equal(1, await router.RouteAsync(new(new(0, 1, 1, 0, 0), [], 0), text, sink, default));
        var row = Assert.Single(sink.Rows);
        return (row.Reason.Code(), row.Detail);
    }

    static RegisterSnapshot RegisterOf(PostalParty party)
    {
        var builder = new RegisterSnapshotBuilder(withNames: true);
        var facts = PersonFacts.Person(
            1, false, false, false, hasContact: party.Contact.Length > 0, hasStreet: true,
            !PostalAddress.IsPlain(party));
        builder.AddPerson(
            202801003, 7, facts, BirthDay.From(new DateOnly(1980, 2, 2)), 0, Encoding.UTF8.GetBytes(party.Name));
        return builder.Build(1, []);
    }
}
