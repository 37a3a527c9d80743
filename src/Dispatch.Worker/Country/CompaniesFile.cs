using System.Text;

namespace Dispatch.Worker.Country;

/// <summary>companies.csv: the private senders, then small businesses.</summary>
static class CompaniesFile
{
    const int PeoplePerCompany = 50;
    const int ClosedPerMillion = 40_000;
    const int ExemptPerMillion = 5_000;

    static readonly WordList Trades = new("""
        Murerfirmaet Tømrerfirmaet Malerfirmaet Autoværkstedet Vognmandsfirmaet Gartneriet Bageriet
        Boghandelen Frisørsalonen Tandlægerne Revisionsfirmaet Ejendomsselskabet El-firmaet
        VVS-firmaet Smedjen Maskinværkstedet Blomsterhandelen Fysioterapien Arkitektfirmaet
        Rengøringsfirmaet Fiskehuset Slagterbutikken Cykelværkstedet Dyrlægehuset Møbelhuset
        """);

    static readonly WordList Forms = new("50 ApS 30 A/S 10 I/S P/S K/S");

    public static ReadOnlySpan<byte> Header => "cvr;name;co;street;place;postcode;city;country;status;exempt;email"u8;

    public static int Count(int people) => Math.Max(people / PeoplePerCompany, PrivateSender.All.Length);

    public static void Write(Population population, RowFile file)
    {
        var company = 0;
        foreach (var cvr in CvrNumbers.All().Take(Count(population.Count)))
        {
            var random = new SplitMix(population.Seed, RandomStream.Company, company);
            file.Number(cvr);
            file.Separator();
            if (company < PrivateSender.All.Length)
            {
                file.Text(Encoding.UTF8.GetBytes(PrivateSender.All[company].Name));
            }
            else
            {
                WriteName(file, ref random);
            }

            WriteRest(file, isSender: company < PrivateSender.All.Length, ref random);
            company++;
        }

        file.Flush();
    }

    static void WriteName(RowFile file, ref SplitMix random)
    {
        file.Text(Trades.Draw(ref random).Text);
        file.Byte((byte)' ');
        file.Text(Surnames.Draw(ref random).Text);
        if (random.Hits(150_000))
        {
            file.Text(" & "u8);
            file.Text(random.Hits(500_000) ? "Søn"u8 : Surnames.Draw(ref random).Text);
        }

        file.Byte((byte)' ');
        file.Text(Forms.Draw(ref random).Text);
    }

    static void WriteRest(RowFile file, bool isSender, ref SplitMix random)
    {
        var dwelling = Dwelling.Draw(ref random);
        file.Text(";;"u8);
        dwelling.WriteStreet(file);
        file.Separator();
        file.Text(dwelling.Village is null ? [] : dwelling.Village.Text);
        file.Separator();
        file.Text(dwelling.Postcode.Number);
        file.Separator();
        file.Text(dwelling.Postcode.District);
        file.Text(";;"u8);
        file.Text(random.Hits(ClosedPerMillion) && !isSender ? "closed"u8 : "active"u8);
        file.Separator();
        file.Flag(random.Hits(ExemptPerMillion) && !isSender);
        file.Text(";post"u8);
        file.Number(random.Below(100_000));
        file.Text("@example.com"u8);
        file.EndRow();
    }
}
