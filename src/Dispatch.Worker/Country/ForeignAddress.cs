using System.Text;

namespace Dispatch.Worker.Country;

/// <summary>An address abroad: the line of the street, with <c>#</c> for the house number, and the line of the
/// town.</summary>
sealed class ForeignAddress
{
    static readonly ForeignAddress[] Abroad = Read("""
        SE Storgatan #|211 42 Malmö
        SE Drottninggatan #|252 21 Helsingborg
        SE Kungsgatan #|411 19 Göteborg
        SE Sveavägen #|113 50 Stockholm
        NO Kirkegata #|0153 Oslo
        NO Strandgaten #|5013 Bergen
        NO Storgata #|9008 Tromsø
        DE Hauptstraße #|24937 Flensburg
        DE Bahnhofstraße #|20095 Hamburg
        DE Lindenallee #|10115 Berlin
        GB # High Street|London N1 9GU
        GB # Station Road|Manchester M1 2BN
        GB # Church Lane|Edinburgh EH1 1YZ
        ES Calle Mayor #|29640 Fuengirola
        ES Avenida del Mar #|03180 Torrevieja
        ES Calle del Sol #|28013 Madrid
        FR # rue de la République|06000 Nice
        FR # avenue de la Gare|75010 Paris
        US # Maple Street|Portland, OR 97205
        US # Oak Avenue|Austin, TX 78701
        PL ul. Długa #|80-831 Gdańsk
        CH Bahnhofstrasse #|8001 Zürich
        NL Kerkstraat #|1017 GA Amsterdam
        IT Via Roma #|50123 Firenze
        PT Rua da Praia #|8600-315 Lagos
        TH # Beach Road|20150 Pattaya
        AU # Victoria Street|Melbourne VIC 3000
        CA # Elm Street|Toronto ON M5G 1Y5
        FO Niels Finsens gøta #|100 Tórshavn
        FI Mannerheimintie #|00100 Helsinki
        """);

    static readonly ForeignAddress[] Greenlandic = Read("""
        GL Aqqusinersuaq #|3900 Nuuk
        GL Nuussuaq #|3905 Nuussuaq
        GL Aqqusinertaa #|3911 Sisimiut
        GL Kuussuaq #|3952 Ilulissat
        GL Aqqartarfik #|3920 Qaqortoq
        GL Niels Egedesvej #|3950 Aasiaat
        """);

    readonly byte[] _beforeHouse;
    readonly byte[] _afterHouse;

    ForeignAddress(string country, string street, string town)
    {
        Country = Encoding.ASCII.GetBytes(country);
        var house = street.IndexOf('#', StringComparison.Ordinal);
        _beforeHouse = Encoding.UTF8.GetBytes(street[..house]);
        _afterHouse = Encoding.UTF8.GetBytes(street[(house + 1)..]);
        Town = Encoding.UTF8.GetBytes(town);
    }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public byte[] Country { get; }

    /// <summary>Postcode and district as one line, in the country's own order.</summary>
    public byte[] Town { get; }

    public static ForeignAddress DrawAbroad(ref SplitMix random) => Abroad[random.Below(Abroad.Length)];

    public static ForeignAddress DrawInGreenland(ref SplitMix random) => Greenlandic[random.Below(Greenlandic.Length)];

    public void WriteStreet(RowFile file, int house)
    {
        file.Text(_beforeHouse);
        file.Number(house);
        file.Text(_afterHouse);
    }

    static ForeignAddress[] Read(string text)
    {
        var all = new List<ForeignAddress>();
        foreach (var line in text.Split('\n'))
        {
            var parts = line[3..].Split('|');
            all.Add(new ForeignAddress(line[..2], parts[0], parts[1].Trim()));
        }

        return [.. all];
    }
}
