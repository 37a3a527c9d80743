using System.Security.Cryptography;
using Dispatch.Routing;
using Dispatch.Worker.Country;

namespace Dispatch.Worker.Tests.Country;

public sealed class CountryGeneratorTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("country-").FullName;

    [Fact]
    public void Generate_SamePeopleAndSeed_GivesTheSameBytes()
    {
        Assert.Equal(Hashes(Generate(2_000, seed: 1, "a")), Hashes(Generate(2_000, seed: 1, "b")));
    }

    [Fact]
    public void Generate_OtherSeed_GivesOtherPeople()
    {
        var one = Hashes(Generate(2_000, seed: 1, "a"));
        var other = Hashes(Generate(2_000, seed: 2, "b"));

        Assert.NotEqual(one["register/people.csv"], other["register/people.csv"]);
        Assert.NotEqual(one["tax-statement/recipients.csv"], other["tax-statement/recipients.csv"]);
    }

    /// <summary>The sample holds the generator to its word: the same bytes on any day, machine and version.</summary>
    [Fact]
    public void Generate_SamplesPeopleAndSeed_GivesTheSample()
    {
        var made = Hashes(Generate(200, seed: 3, "sample"));
        var sample = Path.Combine(RepositoryRoot(), "samples");

        Assert.Equal(8, made.Count);
        Assert.All(made, file => Assert.Equal(file.Value, Hash(Path.Combine(sample, file.Key))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public void Generate_FewPeople_GivesThatMany(int people)
    {
        var folder = Generate(people, seed: 5, "few");

        Assert.Equal(people + 1, File.ReadLines(Path.Combine(folder, "register", "people.csv")).Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(CountryGenerator.PeopleMax + 1)]
    public void Generate_PeopleOutOfRange_IsRefused(int people)
    {
        var fault = Assert.Throws<DispatchException>(() => Generate(people, seed: 1, "none"));

        Assert.Equal(("country.people", ExitCode.Usage), (fault.Code, fault.Exit));
    }

    [Fact]
    public void Generate_Cancelled_LeavesNoJob()
    {
        Generate(100, seed: 1, "a");
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => CountryGenerator.Generate(
            100, seed: 1, Path.Combine(_folder, "a"), progress: null, stop.Token));
        Assert.False(File.Exists(Path.Combine(_folder, "a", "tax-statement", "job.json")));
    }

    [Fact]
    public void Generate_Progress_EndsAtTheTotal()
    {
        var seen = new Progress();

        CountryGenerator.Generate(5_000, seed: 1, _folder, seen, CancellationToken.None);

        var rows = File.ReadLines(Path.Combine(_folder, "tax-statement", "recipients.csv")).Count() - 1;
        Assert.Contains(new CountryProgress(5_000 + rows, 5_000 + rows), seen.Reports);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Generate(int people, int seed, string name)
    {
        var folder = Path.Combine(_folder, name);
        CountryGenerator.Generate(people, seed, folder, progress: null, CancellationToken.None);
        return folder;
    }

    static SortedDictionary<string, string> Hashes(string folder) =>
        new(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(folder, file).Replace('\\', '/'), Hash));

    static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dispatch.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException(
                "no Dispatch.sln above the tests");
        }

        return folder;
    }

    sealed class Progress : IProgress<CountryProgress>
    {
        public List<CountryProgress> Reports { get; } = [];

        public void Report(CountryProgress value)
        {
            lock (Reports)
            {
                Reports.Add(value);
            }
        }
    }
}
