using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Tests.Layout;

public sealed class PostalAddressTests
{
    static readonly PostalParty Home = new(
        "Åse Ærøe", "", "Lærkevej 9C, 1. tv", "", "5970", "Ærøskøbing", "", "", 1, IsCompany: false, IsUnder15: false);

    [Theory]
    [InlineData("Lærkevej 009 c, 01. TV", "Lærkevej 9C, 1. tv")]
    [InlineData("Lærkevej 9C, 1. tv", "Lærkevej 9C, 1. tv")]
    [InlineData(" Lærkevej 010 ", "Lærkevej 10")]
    [InlineData("Lærkevej 7b,ST TH", "Lærkevej 7B, st. th")]
    [InlineData("Lærkevej 7, kl", "Lærkevej 7, kl.")]
    [InlineData("Lærkevej 7, 12. 0014", "Lærkevej 7, 12. 14")]
    [InlineData("10. Februar Vej 05, st.mf.", "10. Februar Vej 5, st. mf")]
    [InlineData("Lærkevej 007, Havnegård", "Lærkevej 7, Havnegård")]
    [InlineData("Lærkevej 7, 1. sal, tv", "Lærkevej 7, 1. sal, tv")]
    [InlineData("Lærkevej 000", "Lærkevej 000")]
    [InlineData("Vejen uden nummer", "Vejen uden nummer")]
    [InlineData("Postboks 1234", "Postboks 1234")]
    [InlineData("B-0123", "B-0123")]
    [InlineData("009", "009")]
    [InlineData(",", ",")]
    public void From_DanishStreetLine_IsWrittenAsAddressesAre(string street, string expected)
    {
        Assert.Equal(expected, PostalAddress.From(Home with { Street = street }).Block.Split('\n')[1]);
        var abroad = PostalAddress.From(Home with { Street = street, Country = "NO" });
        Assert.Equal(street.Trim(), abroad.Block.Split('\n')[1]);
        Assert.Equal(street.Trim(), PostalAddress.From(Home with { Contact = street }).Block.Split('\n')[1]);
    }

    [Fact]
    public void From_LongStreetLine_StaysAsItStands()
    {
        var street = new string('x', 200) + " 007";
        Assert.Contains(street, PostalAddress.From(Home with { Street = street }).Block, StringComparison.Ordinal);
        Assert.False(PostalAddress.IsPlain(Home with { Street = street }));
    }

    public static TheoryData<PostalParty, string, PostalZone, string, string> Parties => new()
    {
        { Home, "Åse Ærøe|Lærkevej 9C, 1. tv|5970 Ærøskøbing", PostalZone.Denmark, "DK", "5970" },
        {
            Home with { Country = "dk" },
            "Åse Ærøe|Lærkevej 9C, 1. tv|5970 Ærøskøbing", PostalZone.Denmark, "DK", "5970"
        },
        {
            Home with { Co = "Bo Ek", Place = "Nordby" },
            "Åse Ærøe|c/o Bo Ek|Nordby|Lærkevej 9C, 1. tv|5970 Ærøskøbing",
            PostalZone.Denmark, "DK", "5970"
        },
        {
            Home with { Co = "C/O Bo Ek" }, "Åse Ærøe|C/O Bo Ek|Lærkevej 9C, 1. tv|5970 Ærøskøbing", PostalZone.Denmark,
            "DK",
            "5970"
        },
        {
            Home with { IsUnder15 = true },
            "Til forældremyndighedens indehaver for Åse Ærøe|Lærkevej 9C, 1. tv|5970 Ærøskøbing", PostalZone.Denmark,
            "DK", "5970"
        },
        {
            Home with { Contact = "Havnegade 2| |3700 Rønne", Status = 3 }, "Åse Ærøe|Havnegade 2|3700 Rønne",
            PostalZone.Denmark, "DK", "3700"
        },
        {
            Home with { Contact = "Hauptstrasse 1|10115 Berlin", Country = "DE", Status = 80 },
            "Åse Ærøe|Hauptstrasse 1|10115 Berlin|TYSKLAND", PostalZone.Eu, "DE", "10115"
        },
        {
            Home with { Contact = "Hauptstrasse 1|10115 Berlin|Germany", Country = "DE", Status = 80 },
            "Åse Ærøe|Hauptstrasse 1|10115 Berlin|Germany", PostalZone.Eu, "DE", ""
        },
        {
            Home with { Contact = "1 Main St|Springfield", Status = 80 },
            "Åse Ærøe|1 Main St|Springfield", PostalZone.World, "", ""
        },
        {
            Home with { Street = "Aqqusinersuaq 4", Postcode = "3900", City = "Nuuk", Status = 5 },
            "Åse Ærøe|Aqqusinersuaq 4|3900 Nuuk|GRØNLAND", PostalZone.World, "GL", "3900"
        },
        {
            Home with { Street = "Storgata 1", Postcode = "0155", City = "Oslo", Country = "NO" },
            "Åse Ærøe|Storgata 1|0155 Oslo|NORGE", PostalZone.World, "NO", "0155"
        },
        {
            Home with { Country = "FO" },
            "Åse Ærøe|Lærkevej 9C, 1. tv|5970 Ærøskøbing|FÆRØERNE", PostalZone.World, "FO", "5970"
        },
        {
            Home with { Country = "XK" },
            "Åse Ærøe|Lærkevej 9C, 1. tv|5970 Ærøskøbing|XK", PostalZone.World, "XK", "5970"
        },
        {
            new("Firma ApS", "", "Torvet 1", "", "8000", "Aarhus C", "", "", 0, IsCompany: true, IsUnder15: false),
            "Firma ApS|Torvet 1|8000 Aarhus C", PostalZone.Denmark, "DK", "8000"
        },
    };

    [Theory]
    [MemberData(nameof(Parties))]
    public void From_EveryKindOfParty_GivesWindowLines(
        PostalParty party, string lines, PostalZone zone, string country, string postcode)
    {
        Assert.Equal(new PostalAddress(lines.Replace('|', '\n'), zone, country, postcode), PostalAddress.From(party));
    }

    [Theory]
    [MemberData(nameof(Parties))]
    public void IsPlain_UsualParty_IsTrueAndFits(
        PostalParty party, string lines, PostalZone zone, string country, string postcode)
    {
        Assert.True(PostalAddress.IsPlain(party));
        Assert.NotEqual(("", default(PostalZone)), (lines + country + postcode, zone));
        Assert.Equal(default, Check(party).Reason);
    }

    [Fact]
    public void IsPlain_LongOrUnusual_IsFalse()
    {
        Assert.False(PostalAddress.IsPlain(Home with { Name = new string('W', 200) }));
        Assert.False(PostalAddress.IsPlain(Home with { Name = "王" }));
        Assert.False(PostalAddress.IsPlain(Home with { City = "Łódź" }));
        Assert.False(PostalAddress.IsPlain(Home with { Name = "A\u030Ase" }));
        Assert.False(PostalAddress.IsPlain(Home with { Contact = "a|b|c|d|e", Name = new string('m', 80) }));
        Assert.False(PostalAddress.IsPlain(Home with { Name = " " }));
        Assert.False(PostalAddress.IsPlain(Home with { Postcode = "59\u200B70", City = "" }));
        Assert.False(PostalAddress.IsPlain(Home with { Street = "Vej\n1", Contact = " | " }));
    }

    [Fact]
    public void IsPlain_WheneverTrue_TheWindowHoldsIt()
    {
        var random = new Random(20260309);
        var plain = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var party = new PostalParty(
                Words(1 + random.Next(8)), Words(random.Next(3)), Words(1 + random.Next(4)), Words(random.Next(3)),
                "5970",
                Words(1 + random.Next(2)), random.Next(2) == 0 ? "DE" : "",
                random.Next(3) == 0 ? $"{Words(3)}|{Words(2)}|{Words(2)}" : "",
                1, IsCompany: false, IsUnder15: true);
            if (PostalAddress.IsPlain(party))
            {
                plain++;
                Assert.Equal(default, Check(party).Reason);
            }
        }

        Assert.InRange(plain, 300, 2_900);

        string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Word()));
        string Word() =>
            string.Concat(Enumerable.Range(0, 1 + random.Next(16)).Select(_ => "WmÆiÅøaeltr@0"[random.Next(13)]));
    }

    static LetterCheck Check(PostalParty party) =>
        PlainLayout.Check(Some.Values([], party.Name, PostalAddress.From(party).Block));

    static LetterLayout PlainLayout { get; } = Some.Layout("text");
}
