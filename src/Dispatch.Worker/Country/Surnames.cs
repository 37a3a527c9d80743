namespace Dispatch.Worker.Country;

static class Surnames
{
    /// <summary>Weights are about the bearers in thousands among the first, rarer names together as the tail.</summary>
    static readonly WordList All = new("""
        240 Nielsen 238 Jensen 200 Hansen 150 Andersen 148 Pedersen 110 Christensen 106 Larsen 102 Sørensen 88 Rasmussen
        86 Jørgensen 74 Petersen 60 Madsen 58 Kristensen 44 Olsen
        38 Thomsen 35 Christiansen 31 Poulsen Møller 29 Johansen
        26 Mortensen 25 Knudsen 22 Jakobsen Jacobsen Mikkelsen 20 Olesen Frederiksen 18 Laursen Henriksen Lund Holm
        16 Schmidt Eriksen Kristiansen 15 Simonsen Clausen Svendsen 14 Andreasen Iversen Jeppesen Mogensen Østergaard
        13 Nissen Vestergaard Jespersen Kjær Nygaard Lauridsen 12 Frandsen Jepsen Brandt Dahl Bertelsen Berg Bech Friis
        11 Lauritsen Bach Dam Søndergaard Bruun Toft Winther Damgaard
        Gregersen Krogh Danielsen Carlsen Kjeldsen Ravn Steffensen
        10 Nørgaard Bak Kruse Beck Bjerregaard Mathiesen Dalgaard
        Lorentzen Bang Skov Villadsen Ibsen Høj Villumsen Juhl Lassen
        9 Buch Ali Ahmed Hussein Mohamed Khan Nguyen Yilmaz Hassan
        Nowak Schultz Bisgaard Bendtsen Hermansen Overgaard Bonde
        8 Kirkegaard Højgaard Aagaard Søgaard Munk Ottosen Hedegaard
        Storm Lykke Thorsen Brodersen Mølgaard Bundgaard Hald
        7 Kjærgaard Ågård Bækgaard Sørig Øllgaard Ærenlund Hvidtfeldt
        Løvstrøm Åkjær Birkelund Rosenlund Stensgård Lindegaard
        5 Öztürk Çelik Kowalski Müller Wang Petrovic Skovbjerg Blåbjerg
        Grønlykke Vesterskov Nørrelykke Ørskov Ulvedal Tjørnelund
        """);

    /// <summary>Names that stand between given name and surname.</summary>
    static readonly WordList Middle = new("""
        20 Møller Lund Holm Kjær Bach Dam Krogh Skov Friis Toft Bruun
        Juhl Winther Østergaard Nørgaard Vestergaard Søndergaard
        10 Bjerre Brandt Dahl Kruse Bech Høj Lykke Ravn Munk Hald
        Hedegaard Birk Bisgaard Aagaard Overgaard Kirkegaard Dalgaard
        5 Åkjær Ågård Rosenlund Lindegaard Storm Blåbjerg Grønlykke Skovbjerg Ulvedal Tjørnelund
        """);

    public static Word Draw(ref SplitMix random) => All.Draw(ref random);

    public static Word DrawMiddle(ref SplitMix random) => Middle.Draw(ref random);
}
