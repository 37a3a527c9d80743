using System.Text;
using CsvHelper;
using Dispatch.Worker.Country;

namespace Dispatch.Worker.Tests.Country;

/// <summary>One country of 100,000 for all tests that count, read back with the reader the engine uses.</summary>
public sealed class GeneratedCountry : IDisposable
{
    public const int PeopleCount = 100_000;

    static readonly CsvReaderOptions Options = new()
    {
        Separator = ';',
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
    };

    public GeneratedCountry()
    {
        Folder = Directory.CreateTempSubdirectory("country-").FullName;
        CountryGenerator.Generate(PeopleCount, seed: 7, Folder, progress: null, CancellationToken.None);
        People = Read("register/people.csv");
        Companies = Read("register/companies.csv");
        ReadAccess = Read("register/read_access.csv");
        Registrations = Read("register/registrations.csv");
        Recipients = Read("tax-statement/recipients.csv");
    }

    public string Folder { get; }

    public List<Dictionary<string, string>> People { get; }

    public List<Dictionary<string, string>> Companies { get; }

    public List<Dictionary<string, string>> ReadAccess { get; }

    public List<Dictionary<string, string>> Registrations { get; }

    public List<Dictionary<string, string>> Recipients { get; }

    public string FirstLine(string file)
    {
        using var reader = new StreamReader(Path.Combine(Folder, file), Encoding.UTF8);
        return reader.ReadLine()!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    List<Dictionary<string, string>> Read(string file)
    {
        using var reader = CsvReader.FromFile(Path.Combine(Folder, file), Options);
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
        {
            var row = new Dictionary<string, string>();
            for (var i = 0; i < reader.Headers.Count; i++)
            {
                row.Add(reader.Headers[i], reader.GetString(i));
            }

            rows.Add(row);
        }

        return rows;
    }
}
