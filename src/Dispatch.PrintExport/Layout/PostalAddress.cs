namespace Dispatch.PrintExport.Layout;

/// <summary>An address as it stands in the window, and what sorting and postage need of it.</summary>
/// <param name="Block">Window lines joined by LF, the name line first.</param>
/// <param name="Zone">By country.</param>
/// <param name="Country">
/// ISO 3166-1 alpha-2; <c>DK</c> when the register has none, <c>GL</c> for status 05, empty for status 80 (somewhere
/// abroad).
/// </param>
/// <param name="Postcode">For sorting; of a contact address the leading digits of its last line.</param>
public readonly record struct PostalAddress(string Block, PostalZone Zone, string Country, string Postcode)
{
    const string GuardianPrefix = "Til forældremyndighedens indehaver for ";
    const int ActiveInGreenland = 5;
    const int Emigrated = 80;

    /// <summary>Lines every profile's window holds.</summary>
    const int WindowLines = 7;

    /// <summary>A street line of more than this is no street line of Denmark.</summary>
    const int StreetCharsMax = 128;

    /// <summary>
    /// Room for a line in thousandths of an em, as widths are guessed here: 95 mm at 10 points are 26,900, of which a
    /// sixth is kept back for fonts wider than the usual ones.
    /// </summary>
    const int PlainLineEm = 23_000;

    /// <summary>
    /// Sets a receiver's address (docs/file-formats.md): contact lines where there are any, else c/o, place, street,
    /// postcode and town; the country in capitals only abroad. The caller made sure that there is an address.
    /// </summary>
    public static PostalAddress From(PostalParty party)
    {
        var country = CountryOf(party);
        var contact = ContactLines(party);
        var name = party.IsUnder15 ? GuardianPrefix + party.Name.Trim() : party.Name.Trim();
        var lines = new List<string> { name };
        lines.AddRange(contact.Length > 0 ? contact : StreetLines(party, country));

        // Contact lines of people without a country in the register say themselves where they are.
        var isCountryKnown = country is not ("DK" or "") && (contact.Length == 0 || party.Country.Length > 0);
        if (isCountryKnown && !Countries.IsNamedBy(country, lines[^1]))
        {
            lines.Add(Countries.LineOf(country));
        }

        lines.RemoveAll(line => line.Length == 0);
        var postcode = contact.Length > 0 ? LeadingDigits(contact[^1]) : party.Postcode.Trim();
        var zone = country.Length == 0 ? PostalZone.World : Countries.ZoneOf(country);
        return new(string.Join('\n', lines), zone, country, postcode);
    }

    /// <summary>The texts of the register that stand below the name: contact lines where there are any, else the street
    /// address, untrimmed; some may be empty.</summary>
    public static IReadOnlyList<string> RegisterLinesOf(PostalParty party) => IsBlank(party.Contact)
        ? [party.Co, party.Place, party.Street, party.Postcode, party.City, party.Country]
        : party.Contact.Split('|');

    /// <summary>
    /// Says, without measuring, that there is a name, that name and address fit the window of every profile and that
    /// every glyph is in the fonts (Liberation Sans or wider by a sixth), for the person as a child as well. False says
    /// nothing.
    /// </summary>
    public static bool IsPlain(PostalParty party)
    {
        if (IsBlank(party.Name))
        {
            return false;
        }

        // The address as it stands would do, but this runs once per person of the register: no strings are made.
        var lines = LinesOf(GuardianPrefix, party.Name) + LinesOf("c/o ", party.Co) + 1;
        if (!IsBlank(party.Contact))
        {
            foreach (var range in party.Contact.AsSpan().Split('|'))
            {
                lines += LinesOf("", party.Contact.AsSpan()[range]);
            }
        }
        else
        {
            var town = party.City.Length > 0 ? LinesOf(party.Postcode, party.City) : LinesOf("", party.Postcode);
            lines += LinesOf("", party.Place) + StreetLinesOf(party.Street) + town;
        }

        return lines <= WindowLines && LinesOf("", party.Country) < WindowLines;
    }

    static bool IsBlank(string text) => text.AsSpan().IndexOfAnyExcept(' ', '|') < 0;

    static string CountryOf(PostalParty party) => (party.Country.Trim().ToUpperInvariant(), party.Status) switch
    {
        ("", ActiveInGreenland) => "GL",
        ("", Emigrated) => "",
        ("", _) => "DK",
        var (country, _) => country,
    };

    static string[] ContactLines(PostalParty party) =>
        Array.FindAll(party.Contact.Split('|', StringSplitOptions.TrimEntries), line => line.Length > 0);

    static List<string> StreetLines(PostalParty party, string country)
    {
        var co = party.Co.Trim();
        return
        [
            co.Length == 0 || co.StartsWith("c/o", StringComparison.OrdinalIgnoreCase) ? co : $"c/o {co}",
            party.Place.Trim(),
            country == "DK" ? DanishLine(party.Street) : party.Street.Trim(),
            $"{party.Postcode.Trim()} {party.City.Trim()}".Trim(),
        ];
    }

    static string DanishLine(string street)
    {
        Span<char> line = street.Length <= StreetCharsMax ? stackalloc char[StreetCharsMax + DanishStreet.GainMax] : [];
        return line.IsEmpty ? street.Trim() : line[..DanishStreet.Write(street, line)].ToString();
    }

    static int StreetLinesOf(string street)
    {
        Span<char> line = street.Length <= StreetCharsMax ? stackalloc char[StreetCharsMax + DanishStreet.GainMax] : [];
        var asItStands = LinesOf("", street);
        return line.IsEmpty ? asItStands : Math.Max(asItStands, LinesOf("", line[..DanishStreet.Write(street, line)]));
    }

    static string LeadingDigits(string line)
    {
        var count = 0;
        while (count < line.Length && char.IsAsciiDigit(line[count]))
        {
            count++;
        }

        return line[..count];
    }

    /// <summary>
    /// Lines a text takes at most; more than the window has when a character is unusual or a word longer than a line.
    /// Greedy breaking needs the fewest lines there are, so letters taken too wide never give too few.
    /// </summary>
    static int LinesOf(string prefix, ReadOnlySpan<char> text)
    {
        var (lines, lineEm, wordEm) = (1, 0, 0);
        for (var i = text.IsEmpty ? prefix.Length : 0; i < prefix.Length + text.Length; i++)
        {
            var letter = i < prefix.Length ? prefix[i] : text[i - prefix.Length];
            var letterEm = WidthEm(letter);
            wordEm = letter == ' ' ? 0 : wordEm + letterEm;
            lineEm += letterEm;
            if (letterEm == 0 || wordEm > PlainLineEm)
            {
                return WindowLines + 1;
            }

            if (lineEm > PlainLineEm && letter != ' ')
            {
                lines++;
                lineEm = wordEm;
            }
        }

        return text.IsEmpty ? 0 : lines;
    }

    /// <summary>Width of a letter, rounded up; 0 when it is none that every font has.</summary>
    static int WidthEm(char letter) => letter switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ' ' or '\'' or ':' or ';' or '!' or '/' => 280,
        'f' or 't' or 'r' or '-' or '(' or ')' => 340,
        'm' or 'M' or 'w' or 'W' or '@' or '%' or 'Æ' => 1020,
        'æ' => 900,
        >= 'a' and <= 'z' or >= '0' and <= '9' => 560,
        > ' ' and <= '~' => 780,
        >= 'À' and <= 'Þ' and not '×' => 790,
        >= 'ß' and <= 'ÿ' and not '÷' => 620,
        _ => 0,
    };
}
