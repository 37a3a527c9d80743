namespace Dispatch.PrintExport.Layout;

/// <summary>Countries by ISO 3166-1 alpha-2: their names in capitals, and the zone postage is counted by.</summary>
static class Countries
{
    /// <summary>Member states of the European Union, Denmark left out.</summary>
    static readonly Dictionary<string, (string Danish, string English)> Eu = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AT"] = ("ØSTRIG", "AUSTRIA"),
        ["BE"] = ("BELGIEN", "BELGIUM"),
        ["BG"] = ("BULGARIEN", "BULGARIA"),
        ["CY"] = ("CYPERN", "CYPRUS"),
        ["CZ"] = ("TJEKKIET", "CZECH REPUBLIC"),
        ["DE"] = ("TYSKLAND", "GERMANY"),
        ["EE"] = ("ESTLAND", "ESTONIA"),
        ["ES"] = ("SPANIEN", "SPAIN"),
        ["FI"] = ("FINLAND", "FINLAND"),
        ["FR"] = ("FRANKRIG", "FRANCE"),
        ["GR"] = ("GRÆKENLAND", "GREECE"),
        ["HR"] = ("KROATIEN", "CROATIA"),
        ["HU"] = ("UNGARN", "HUNGARY"),
        ["IE"] = ("IRLAND", "IRELAND"),
        ["IT"] = ("ITALIEN", "ITALY"),
        ["LT"] = ("LITAUEN", "LITHUANIA"),
        ["LU"] = ("LUXEMBOURG", "LUXEMBOURG"),
        ["LV"] = ("LETLAND", "LATVIA"),
        ["MT"] = ("MALTA", "MALTA"),
        ["NL"] = ("NEDERLANDENE", "NETHERLANDS"),
        ["PL"] = ("POLEN", "POLAND"),
        ["PT"] = ("PORTUGAL", "PORTUGAL"),
        ["RO"] = ("RUMÆNIEN", "ROMANIA"),
        ["SE"] = ("SVERIGE", "SWEDEN"),
        ["SI"] = ("SLOVENIEN", "SLOVENIA"),
        ["SK"] = ("SLOVAKIET", "SLOVAKIA"),
    };

    static readonly Dictionary<string, (string Danish, string English)> World = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AE"] = ("DE FORENEDE ARABISKE EMIRATER", "UNITED ARAB EMIRATES"),
        ["AR"] = ("ARGENTINA", "ARGENTINA"),
        ["AU"] = ("AUSTRALIEN", "AUSTRALIA"),
        ["BR"] = ("BRASILIEN", "BRAZIL"),
        ["CA"] = ("CANADA", "CANADA"),
        ["CH"] = ("SCHWEIZ", "SWITZERLAND"),
        ["CN"] = ("KINA", "CHINA"),
        ["FO"] = ("FÆRØERNE", "FAROE ISLANDS"),
        ["GB"] = ("STORBRITANNIEN", "UNITED KINGDOM"),
        ["GL"] = ("GRØNLAND", "GREENLAND"),
        ["IN"] = ("INDIEN", "INDIA"),
        ["IS"] = ("ISLAND", "ICELAND"),
        ["JP"] = ("JAPAN", "JAPAN"),
        ["NO"] = ("NORGE", "NORWAY"),
        ["NZ"] = ("NEW ZEALAND", "NEW ZEALAND"),
        ["TH"] = ("THAILAND", "THAILAND"),
        ["TR"] = ("TYRKIET", "TURKEY"),
        ["UA"] = ("UKRAINE", "UKRAINE"),
        ["US"] = ("USA", "UNITED STATES OF AMERICA"),
        ["ZA"] = ("SYDAFRIKA", "SOUTH AFRICA"),
    };

    /// <summary>Zone of a country; Greenland and the Faroe Islands are not in the Union.</summary>
    public static PostalZone ZoneOf(string code) =>
        code == "DK" ? PostalZone.Denmark : Eu.ContainsKey(code) ? PostalZone.Eu : PostalZone.World;

    /// <summary>Last line of an address there, in Danish capitals; the code for a country not in the tables.</summary>
    public static string LineOf(string code) => NamesOf(code).Danish;

    /// <summary>Says whether an address line names the country already.</summary>
    public static bool IsNamedBy(string code, string line)
    {
        var (danish, english) = NamesOf(code);
        return string.Equals(line, danish, StringComparison.OrdinalIgnoreCase)
            || string.Equals(line, english, StringComparison.OrdinalIgnoreCase)
            || string.Equals(line, code, StringComparison.OrdinalIgnoreCase);
    }

    static (string Danish, string English) NamesOf(string code) =>
        Eu.TryGetValue(code, out var names) || World.TryGetValue(code, out names) ? names : (code, code);
}
