namespace Dispatch.Worker.Country;

static class Streets
{
    /// <summary>Names met in nearly every Danish town.</summary>
    static readonly WordList InTown = new("""
        20 Nørregade Østergade Vestergade Søndergade Skolegade Kirkegade
        Jernbanegade Skolevej Kirkevej Stationsvej Industrivej
        10 Algade Storegade Strandvejen Havnegade Bredgade Grønnegade Møllevej Engvej
        Parkvej Skovvej Bakkevej Åboulevarden Dronningensgade Kongensgade Danmarksgade
        Nygade Torvet Vesterbrogade Østerbrogade Enghavevej Frederiksgade Amagergade
        6 Lærkevej Solsortevej Svalevej Stærevej Mejsevej Drosselvej Nattergalevej Vibevej Fasanvej
        Ugleparken Hejrevænget Birkevej Bøgevej Egevej Elmevej Lindevej Pilevej Kastanievej Ahornvej
        Tjørnevej Røllikevej Rosenvej Tulipanvej Syrenvej Violvej Ærenprisvej Brombærvej Hindbærvej
        Ribsvej Hyldevej Lyngvej Anemonevej Mælkebøttevej Kløvervej Rønnebærvej
        4 Birkeparken Egeparken Lærkeparken Elmeparken Rosenparken Kirsebærhaven Æblehaven Pæreparken
        Blommehaven Skovbrynet Havrevænget Bygvænget Rugvænget Hvedevænget Kornvænget Toftevænget
        Bakkedraget Åbrinken Søbrinken Fjordbakken Udsigten Solbakken Højvangen Østervang Vestervang
        Nørrevang Søndervang Enghaven Mosevænget Kærvej Åvej Søvej Fjordvej Strandgade
        2 H.C._Ørsteds_Gade Prinsesse_Maries_Allé Christian_X's_Vej Gl._Landevej Ny_Kongensvej
        Sankt_Hans_Gade Skt._Knuds_Gade Øster_Allé Vester_Allé Lille_Strandstræde
        Store_Grønnegade Peder_Skrams_Stræde Niels_Finsens_Vej Åblinkens_Kvarter
        """);

    static readonly WordList InTheCountry = new("""
        10 Bygaden Hovedgaden Landevejen Kirkebakken Præstegårdsvej Møllebakken Skovvejen
        Mosevej Hedevej Engvej Kærvej Åvej Overgårdsvej Nedergårdsvej Søndermarken
        Nørremarken Østermarken Vestermarken Sandvej Grusgravsvej Teglværksvej Dyssevej
        6 Lærkevej Vibevej Rugvænget Bygvænget Bøgelund Egelund Elmelund Ådalsvej Fjordvejen
        Strandvejen Lyngbakken Ulvedalsvej Bjergvej Højgårdsvej Kildevej Mejerivej Smedevej
        Skolebakken Stadionvej Hulvejen Degnevej Gadekæret Bækvej Brovejen
        3 Gammel_Landevej Nørre_Landevej Lille_Bjergvej Store_Mosevej Øster_Hedevej Vester_Kærvej Sankt_Olufs_Vej Ærøvej
        """);

    /// <summary>Villages: the supplementary town names of the country districts.</summary>
    static readonly WordList Villages = new("""
        10 Nørreby Søndersted Vesterlund Østerlund Bjergby Kirkeby Overby Nederby Skovby Mosegårde
        Hedegårde Åstrup Ølsted Ullerup Tåstrup Gammelby Nymark Sønderskov Nørreskov Højrup Lundby Torup
        Hallerup Vindinge Brønderup Årup Ærtebjerg Øster_Lem Vester_Skovby Nørre_Mose Sønder_Bjerge
        Store_Lund Lille_Torup Rørbæk Lille_Heden Ådalen Bækmark Egebjerg Stenbjerg
        """);

    public static Word Draw(DistrictKind kind, ref SplitMix random) =>
        (kind == DistrictKind.Land ? InTheCountry : InTown).Draw(ref random);

    public static Word DrawVillage(ref SplitMix random) => Villages.Draw(ref random);
}
