using System.Globalization;
using System.Text;

namespace Dispatch.Worker.Country;

/// <summary>
/// Danish postcodes with their districts. The weight is about the people of the district in hundreds, with those of the
/// small districts left out added to their neighbours.
/// </summary>
static class Postcodes
{
    const string City = """
        1123 København K 40|1260 København K 50|1360 København K 60|1434 København K 70|1620 København V 80
        1651 København V 90|1711 København V 90|1799 København V 20|1820 Frederiksberg C 90|1871 Frederiksberg C 80
        1955 Frederiksberg C 80|2000 Frederiksberg 720|2100 København Ø 800|2150 Nordhavn 60|2200 København N 790
        2300 København S 1180|2400 København NV 650|2450 København SV 450|2500 Valby 590|2720 Vanløse 380
        5000 Odense C 390|8000 Aarhus C 620|8200 Aarhus N 420|8210 Aarhus V 300|9000 Aalborg 450
        """;

    const string Town = """
        2600 Glostrup 240|2605 Brøndby 180|2610 Rødovre 400|2620 Albertslund 280|2625 Vallensbæk 60|2630 Taastrup 400
        2635 Ishøj 230|2640 Hedehusene 150|2650 Hvidovre 520|2660 Brøndby Strand 170|2665 Vallensbæk Strand 110
        2670 Greve 320|2680 Solrød Strand 170|2690 Karlslunde 110|2700 Brønshøj 420|2730 Herlev 290|2740 Skovlunde 130
        2750 Ballerup 330|2760 Måløv 90|2765 Smørum 90|2770 Kastrup 280|2791 Dragør 140|2800 Kongens Lyngby 330
        2820 Gentofte 180|2830 Virum 160|2840 Holte 130|2850 Nærum 60|2860 Søborg 370|2880 Bagsværd 190
        2900 Hellerup 300|2920 Charlottenlund 180|2930 Klampenborg 60|2950 Vedbæk 90|2960 Rungsted Kyst 60
        2970 Hørsholm 180|2980 Kokkedal 140|2990 Nivå 80|3000 Helsingør 380|3050 Humlebæk 100|3060 Espergærde 120
        3070 Snekkersten 80|3400 Hillerød 450|3450 Allerød 170|3460 Birkerød 200|3480 Fredensborg 110|3500 Værløse 190
        3520 Farum 190|3600 Frederikssund 230|3650 Ølstykke 160|3660 Stenløse 130|3700 Rønne 190|4000 Roskilde 700
        4040 Jyllinge 120|4100 Ringsted 320|4180 Sorø 160|4200 Slagelse 470|4220 Korsør 200|4300 Holbæk 420
        4400 Kalundborg 250|4600 Køge 430|4690 Haslev 200|4700 Næstved 560|4760 Vordingborg 190|4800 Nykøbing F 270
        4900 Nakskov 180|5200 Odense V 190|5210 Odense NV 190|5220 Odense SØ 260|5230 Odense M 270|5240 Odense NØ 260
        5250 Odense SV 220|5260 Odense S 190|5270 Odense N 130|5500 Middelfart 270|5600 Faaborg 150|5610 Assens 130
        5700 Svendborg 440|5800 Nyborg 240|6000 Kolding 720|6100 Haderslev 350|6200 Aabenraa 290|6270 Tønder 150
        6400 Sønderborg 430|6700 Esbjerg 330|6705 Esbjerg Ø 230|6710 Esbjerg V 270|6715 Esbjerg N 170|6800 Varde 220
        7000 Fredericia 500|7100 Vejle 610|7120 Vejle Øst 130|7190 Billund 90|7400 Herning 560|7430 Ikast 210
        7500 Holstebro 470|7600 Struer 150|7700 Thisted 210|7800 Skive 310|7900 Nykøbing M 150|8220 Brabrand 400
        8230 Åbyhøj 150|8240 Risskov 260|8250 Egå 90|8260 Viby J 350|8270 Højbjerg 280|8310 Tranbjerg J 120
        8320 Mårslet 80|8330 Beder 60|8340 Malling 70|8361 Hasselager 80|8362 Hørning 110|8370 Hadsten 140
        8381 Tilst 160|8382 Hinnerup 150|8400 Ebeltoft 110|8450 Hammel 120|8464 Galten 140|8500 Grenaa 190
        8520 Lystrup 120|8600 Silkeborg 640|8660 Skanderborg 330|8680 Ry 110|8700 Horsens 800|8722 Hedensted 180
        8800 Viborg 510|8900 Randers C 210|8920 Randers NV 180|8930 Randers NØ 200|8940 Randers SV 160
        8960 Randers SØ 130|9200 Aalborg SV 220|9210 Aalborg SØ 260|9220 Aalborg Øst 150|9230 Svenstrup J 100
        9400 Nørresundby 270|9500 Hobro 190|9530 Støvring 130|9560 Hadsund 90|9700 Brønderslev 190|9800 Hjørring 350
        9850 Hirtshals 80|9900 Frederikshavn 290|9990 Skagen 90
        """;

    const string Land = """
        3080 Tikøb 20|3100 Hornbæk 60|3140 Ålsgårde 60|3200 Helsinge 150|3210 Vejby 70|3230 Græsted 90
        3250 Gilleleje 100|3300 Frederiksværk 140|3310 Ølsted 50|3320 Skævinge 50|3390 Hundested 100|3540 Lynge 60
        3550 Slangerup 100|3630 Jægerspris 100|3720 Aakirkeby 70|3730 Nexø 70|3751 Østermarie 30|3770 Allinge 40
        3790 Hasle 40|4050 Skibby 70|4060 Kirke Såby 40|4070 Kirke Hyllinge 60|4130 Viby Sjælland 70|4140 Borup 80
        4160 Herlufmagle 50|4171 Glumsø 40|4173 Fjenneslev 30|4230 Skælskør 120|4241 Vemmelev 50|4250 Fuglebjerg 60
        4270 Høng 80|4281 Gørlev 60|4293 Dianalund 60|4295 Stenlille 50|4320 Lejre 60|4330 Hvalsø 80|4340 Tølløse 90
        4350 Ugerløse 50|4390 Vipperød 60|4420 Regstrup 50|4440 Mørkøv 40|4450 Jyderup 70|4470 Svebølle 50
        4490 Jerslev 40|4500 Nykøbing Sj 90|4520 Svinninge 70|4534 Hørve 40|4540 Fårevejle 50|4550 Asnæs 50|4560 Vig 60
        4571 Grevinge 30|4573 Højby 40|4581 Rørvig 30|4583 Sjællands Odde 20|4591 Føllenslev 30|4621 Gadstrup 60
        4622 Havdrup 60|4623 Lille Skensved 50|4632 Bjæverskov 50|4640 Fakse 90|4652 Hårlev 60|4653 Karise 50
        4654 Fakse Ladeplads 50|4660 Store Heddinge 60|4671 Strøby 70|4673 Rødvig Stevns 40|4681 Herfølge 80
        4682 Tureby 40|4683 Rønnede 50|4684 Holmegaard 80|4720 Præstø 90|4733 Tappernøje 40|4735 Mern 30
        4736 Karrebæksminde 50|4750 Lundby 50|4773 Stensved 40|4780 Stege 100|4840 Nørre Alslev 60|4850 Stubbekøbing 60
        4863 Eskilstrup 40|4872 Idestrup 30|4873 Væggerløse 50|4880 Nysted 50|4891 Toreby L 50|4920 Søllested 40
        4930 Maribo 110|4960 Holeby 40|4970 Rødby 70|4990 Sakskøbing 100|5290 Marslev 40|5300 Kerteminde 100
        5330 Munkebo 60|5400 Bogense 70|5450 Otterup 110|5462 Morud 50|5463 Harndrup 30|5464 Brenderup Fyn 40
        5471 Søndersø 70|5491 Blommenslyst 70|5492 Vissenbjerg 70|5540 Ullerslev 50|5550 Langeskov 70|5560 Aarup 60
        5580 Nørre Aaby 60|5591 Gelsted 40|5592 Ejby 50|5620 Glamsbjerg 60|5631 Ebberup 40|5672 Broby 60|5683 Haarby 50
        5690 Tommerup 80|5750 Ringe 110|5762 Vester Skerninge 60|5771 Stenstrup 50|5772 Kværndrup 40|5792 Årslev 110
        5853 Ørbæk 50|5856 Ryslinge 40|5881 Skårup Fyn 50|5900 Rudkøbing 80|5932 Humble 40|5960 Marstal 30
        5970 Ærøskøbing 30|6040 Egtved 70|6051 Almind 40|6070 Christiansfeld 90|6091 Bjert 60|6230 Rødekro 100
        6240 Løgumkloster 70|6261 Bredebro 40|6280 Højer 30|6300 Gråsten 90|6310 Broager 60|6330 Padborg 80
        6340 Kruså 50|6360 Tinglev 70|6392 Bolderslev 40|6430 Nordborg 110|6440 Augustenborg 90|6470 Sydals 60
        6500 Vojens 140|6510 Gram 50|6520 Toftlund 70|6580 Vamdrup 80|6600 Vejen 140|6622 Bække 30|6630 Rødding 70
        6640 Lunderskov 60|6650 Brørup 70|6670 Holsted 60|6690 Gørding 40|6720 Fanø 30|6731 Tjæreborg 40
        6740 Bramming 110|6760 Ribe 140|6771 Gredstedbro 40|6780 Skærbæk 60|6792 Rømø 10|6823 Ansager 30
        6830 Nørre Nebel 40|6840 Oksbøl 50|6851 Janderup Vestj 30|6857 Blåvand 10|6862 Tistrup 40|6870 Ølgod 70
        6880 Tarm 80|6900 Skjern 130|6920 Videbæk 90|6933 Kibæk 60|6940 Lem St 50|6950 Ringkøbing 140
        6960 Hvide Sande 40|6971 Spjald 40|6973 Ørnhøj 20|6980 Tim 30|6990 Ulfborg 50|7080 Børkop 100|7130 Juelsminde 80
        7140 Stouby 30|7150 Barrit 20|7160 Tørring 60|7171 Uldum 40|7173 Vonge 20|7182 Bredsten 60|7183 Randbøl 30
        7184 Vandel 30|7200 Grindsted 130|7260 Sønder Omme 40|7300 Jelling 80|7323 Give 100|7330 Brande 110
        7361 Ejstrupholm 40|7441 Bording 50|7451 Sunds 60|7470 Karup J 50|7480 Vildbjerg 80|7490 Aulum 60|7560 Hjerm 30
        7570 Vemb 20|7620 Lemvig 110|7650 Bøvlingbjerg 20|7673 Harboøre 20|7680 Thyborøn 20|7730 Hanstholm 40
        7741 Frøstrup 20|7752 Snedsted 40|7755 Bedsted Thy 20|7760 Hurup Thy 60|7790 Thyholm 40|7830 Vinderup 70
        7840 Højslev 60|7850 Stoholm 50|7860 Spøttrup 60|7870 Roslev 60|7884 Fur 10|7950 Erslev 40|7990 Øster Assels 10
        8300 Odder 180|8305 Samsø 40|8350 Hundslund 30|8355 Solbjerg 60|8380 Trige 50|8410 Rønde 80|8420 Knebel 40
        8444 Balle 20|8462 Harlev J 60|8471 Sabro 50|8472 Sporup 40|8530 Hjortshøj 50|8541 Skødstrup 90|8543 Hornslet 90
        8544 Mørke 40|8550 Ryomgård 60|8560 Kolind 40|8570 Trustrup 30|8581 Nimtofte 20|8585 Glesborg 30
        8620 Kjellerup 110|8632 Lemming 20|8641 Sorring 30|8643 Ans By 50|8653 Them 60|8654 Bryrup 20|8670 Låsby 40
        8721 Daugård 40|8723 Løsning 60|8732 Hovedgård 50|8740 Brædstrup 80|8751 Gedved 50|8752 Østbirk 40
        8763 Rask Mølle 40|8766 Nørre Snede 50|8783 Hornsyld 40|8830 Tjele 90|8831 Løgstrup 40|8832 Skals 40
        8840 Rødkærsbro 50|8850 Bjerringbro 110|8860 Ulstrup 40|8870 Langå 60|8881 Thorsø 40|8882 Fårvang 40
        8883 Gjern 40|8950 Ørsted 30|8961 Allingåbro 40|8963 Auning 60|8970 Havndal 30|8981 Spentrup 70
        8983 Gjerlev J 40|8990 Fårup 30|9240 Nibe 90|9260 Gistrup 70|9270 Klarup 60|9280 Storvorde 60|9293 Kongerslev 30
        9300 Sæby 140|9310 Vodskov 80|9320 Hjallerup 70|9330 Dronninglund 70|9340 Asaa 30|9352 Dybvad 30|9362 Gandrup 50
        9370 Hals 50|9380 Vestbjerg 30|9382 Tylstrup 20|9430 Vadum 40|9440 Aabybro 90|9460 Brovst 60|9480 Løkken 40
        9490 Pandrup 60|9492 Blokhus 10|9493 Saltum 30|9510 Arden 60|9520 Skørping 60|9541 Suldrup 40|9550 Mariager 60
        9575 Terndrup 40|9600 Aars 110|9610 Nørager 30|9620 Aalestrup 60|9631 Gedsted 20|9632 Møldrup 30|9640 Farsø 70
        9670 Løgstør 70|9681 Ranum 30|9690 Fjerritslev 80|9740 Jerslev J 40|9750 Østervrå 40|9760 Vrå 50|9830 Tårs 40
        9870 Sindal 70|9881 Bindslev 40|9940 Læsø 20|9970 Strandby 30|9981 Jerup 10|9982 Ålbæk 30
        """;

    static readonly (Postcode Postcode, int WeightUpTo)[] All = Read();

    public static int Count => All.Length;

    public static Postcode Draw(ref SplitMix random)
    {
        var at = random.Below(All[^1].WeightUpTo);
        var (low, high) = (0, All.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (at < All[middle].WeightUpTo)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return All[low].Postcode;
    }

    static (Postcode Postcode, int WeightUpTo)[] Read()
    {
        var all = new List<(Postcode, int)>();
        var weight = 0;
        foreach (var (text, kind) in new[]
                 {
                     (City, DistrictKind.City), (Town, DistrictKind.Town), (Land, DistrictKind.Land),
                 })
        {
            foreach (var entry in text.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                var line = entry.Trim();
                var end = line.LastIndexOf(' ');
                weight += int.Parse(line.AsSpan(end + 1), CultureInfo.InvariantCulture);
                var district = Encoding.UTF8.GetBytes(line[5..end]);
                all.Add((new Postcode(Encoding.ASCII.GetBytes(line[..4]), district, kind), weight));
            }
        }

        return [.. all];
    }
}
