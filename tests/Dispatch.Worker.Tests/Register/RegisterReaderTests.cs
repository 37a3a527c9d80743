using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Register;
using Dispatch.Worker.Register;
using Npgsql;

namespace Dispatch.Worker.Tests.Register;

public sealed class RegisterReaderTests : IAsyncLifetime, IDisposable
{
    const int Sender = 19552101;

    readonly TestDatabase _database = new();
    readonly RegisterFolder _folder = new();

    RegisterReader Reader => new(_database.DataSource);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LoadAsync_EmptyDatabase_GivesVersionZero()
    {
        var snapshot = await Reader.LoadAsync(withNames: true, Sender, CancellationToken.None);

        Assert.Equal((0L, 0), (snapshot.Version, snapshot.Count));
        Assert.Equal(0, await Reader.VersionAsync(CancellationToken.None));
        Assert.Equal(0, await Reader.CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task LoadAsync_PersonRemoved_IsNotInTheSnapshot()
    {
        await ImportAsync(_folder.People(Person(1), Person(2)).Companies($"{Sender};A;;;;;;;active;;"));
        await ImportAsync(_folder.People(Person(2)).Companies());

        var whole = await Reader.LoadAsync(withNames: true, null, CancellationToken.None);
        var part = await Reader.LoadForAsync(
            [SomePeople.Number(1), SomePeople.Number(2)], [Sender], withNames: true, null, CancellationToken.None);

        foreach (var snapshot in new[] { whole, part })
        {
            Assert.Equal((2L, 1, 0), (snapshot.Version, snapshot.PeopleCount, snapshot.CompanyCount));
            Assert.True(snapshot.FindPerson(SomePeople.Number(1)) < 0);
            Assert.Equal(
                "Lærke Østergaard", Encoding.UTF8.GetString(snapshot.Name(snapshot.FindPerson(SomePeople.Number(2)))));
        }

        Assert.Equal(2, await Reader.VersionAsync(CancellationToken.None));
        Assert.Equal(1, await Reader.CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Load_NumberChangedOften_FollowsItFiveTimes()
    {
        var chain = Enumerable.Range(10, 8).ToArray();
        await ImportAsync(_folder.People([.. chain.Select(i => Changed(i, to: i + 1)), Person(18), Person(19)]));

        var part = await Reader.LoadForAsync(
            [SomePeople.Number(10)], [], withNames: false, privateSenderCvr: null, CancellationToken.None);

        Assert.Equal(6, part.PeopleCount);
        Assert.Equal(SomePeople.Number(16), part.CurrentCpr(part.FindPerson(SomePeople.Number(15))));
        Assert.True(part.FindPerson(SomePeople.Number(16)) < 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Load_RegisteredUnderAnOldNumber_CountsForTheCurrentOne(bool isWhole)
    {
        // 1 → 2 → 3 and 4 → 5 → 4 (a ring); 6 points to 7 but was not replaced.
        _folder.People(
                Changed(1, to: 2), Changed(2, to: 3), Person(3), Changed(4, to: 5), Changed(5, to: 4),
                Person(6) with { CurrentCpr = SomePeople.Cpr(7) }, Person(7), Person(8))
            .Registrations(
                $"{SomePeople.Cpr(1)};{Sender}", $"{SomePeople.Cpr(4)};{Sender}", $"{SomePeople.Cpr(6)};{Sender}",
                $"{SomePeople.Cpr(8)};10000009", $"{SomePeople.Cpr(99)};{Sender}");
        await ImportAsync(_folder);

        var snapshot = isWhole
            ? await Reader.LoadAsync(withNames: false, Sender, CancellationToken.None)
            : await Reader.LoadForAsync(
                [SomePeople.Number(3), SomePeople.Number(5), SomePeople.Number(6), SomePeople.Number(8)], [],
                withNames: false, Sender, CancellationToken.None);

        bool IsRegistered(int person) => snapshot.IsRegistered(snapshot.FindPerson(SomePeople.Number(person)));
        Assert.Equal(
            [true, true, true, true, true, true, false, false],
            Enumerable.Range(1, 8).Select(IsRegistered));
    }

    [Fact]
    public async Task LoadForAsync_PublicSender_LoadsNoRegistrations()
    {
        await ImportAsync(_folder.People(Person(1)).Registrations($"{SomePeople.Cpr(1)};{Sender}"));

        var snapshot = await Reader.LoadForAsync(
            [SomePeople.Number(1)], [], withNames: false, privateSenderCvr: null, CancellationToken.None);

        Assert.False(snapshot.IsRegistered(0));
        Assert.True(snapshot.Name(0).IsEmpty);
    }

    [Fact]
    public async Task AddressesAsync_PeopleAndCompanies_GivesWhatTheRegisterHolds()
    {
        _folder.People(
                Person(1) with { Co = "c/o Holm", Place = "Nørre Å" },
                Person(2) with
                {
                    Status = "80",
                    Street = "",
                    Postcode = "",
                    City = "",
                    Country = "SE",
                    Contact = "Gata 1|Lund",
                })
            .Companies($"{Sender};Skattestyrelsen;;Sluseholmen 8B;;2450;København SV;;active;;");
        await ImportAsync(_folder);
        var register = await Reader.LoadAsync(withNames: false, null, CancellationToken.None);
        var ids = Enumerable.Range(0, 3).Select(register.PersonId).ToArray();

        var parties = await Reader.AddressesAsync([.. ids, ids[0], 4711], register.Version, CancellationToken.None);

        var company = register.PersonId(register.FindCompany(Sender));
        Assert.Equal(3, parties!.Count);
        Assert.Equal(
            new PostalParty(
                "Lærke Østergaard", "c/o Holm", "Lærkevej 9C, 1. tv", "Nørre Å", "2450", "København SV", "", "", 1,
                false, false),
            parties[register.PersonId(register.FindPerson(SomePeople.Number(1)))]);
        Assert.Equal(
            new PostalParty("Lærke Østergaard", "", "", "", "", "", "SE", "Gata 1|Lund", 80, false, false),
            parties[register.PersonId(register.FindPerson(SomePeople.Number(2)))]);
        Assert.Equal(
            new PostalParty(
                "Skattestyrelsen", "", "Sluseholmen 8B", "", "2450", "København SV", "", "", 0, true, false),
            parties[company]);
    }

    [Fact]
    public async Task AddressesAsync_MoreThanABlock_GivesAll()
    {
        await ImportAsync(_folder.People([.. Enumerable.Range(0, 9000).Select(Person)]));

        var parties = await Reader.AddressesAsync([.. Enumerable.Range(1, 9000)], 1, CancellationToken.None);

        Assert.Equal(9000, parties!.Count);
    }

    [Fact]
    public async Task AddressesAsync_OfAnOlderVersion_GivesNone()
    {
        await ImportAsync(_folder.People(Person(1)));
        await ImportAsync(_folder.People(Person(1) with { Status = "03", Protected = "1", Contact = "Secret 1" }));

        Assert.Null(await Reader.AddressesAsync([1], 1, CancellationToken.None));
        Assert.NotNull(await Reader.AddressesAsync([1], 2, CancellationToken.None));
    }

    [Fact]
    public async Task LoadAsync_WhileImportsRun_SeesOneVersionWhole()
    {
        // Every person of a version bears its number as the name, so a mixture would show.
        var versions = Enumerable.Range(1, 6).Select(FolderOf).ToList();
        try
        {
            await ImportAsync(versions[0]);
            var importing = Task.Run(async () =>
            {
                foreach (var folder in versions.Skip(1))
                {
                    await ImportAsync(folder);
                }
            });
            var seen = new HashSet<long>();
            while (!importing.IsCompleted || seen.Count == 0)
            {
                var snapshot = await Reader.LoadAsync(withNames: true, Sender, CancellationToken.None);
                seen.Add(snapshot.Version);
                AssertIsVersion(snapshot);
            }

            await importing;
            AssertIsVersion(await Reader.LoadAsync(withNames: true, Sender, CancellationToken.None));
        }
        finally
        {
            versions.ForEach(folder => folder.Dispose());
        }
    }

    [Fact]
    public async Task LoadAsync_ImportCommitsBeforeTheFirstLook_SeesTheNewRegister()
    {
        await ImportAsync(_folder.People(Person(1)));

        // The import waits for this reader of the old register, and the load for the import.
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table register.people in access share mode", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        var importing = ImportAsync(_folder.People(Person(1), Person(2)));
        while (await WaitingAsync() < 1)
        {
            await Task.Yield();
        }

        var loading = Reader.LoadAsync(withNames: false, null, CancellationToken.None);
        while (await WaitingAsync() < 2)
        {
            await Task.Yield();
        }

        await transaction.RollbackAsync();
        await importing;
        var snapshot = await loading;

        Assert.Equal((2L, 2), (snapshot.Version, snapshot.PeopleCount));
    }

    static PersonLine Person(int index) => new(SomePeople.Cpr(index));

    static PersonLine Changed(int index, int to) =>
        Person(index) with { Status = "60", CurrentCpr = SomePeople.Cpr(to) };

    static RegisterFolder FolderOf(int version) => new RegisterFolder()
        .People([.. Enumerable.Range(0, 500 * version).Select(i => Person(i) with { Name = $"Version {version}" })])
        .Registrations([.. Enumerable.Range(0, version).Select(i => $"{SomePeople.Cpr(i)};{Sender}")]);

    static void AssertIsVersion(RegisterSnapshot snapshot)
    {
        Assert.Equal(500 * snapshot.Version, snapshot.PeopleCount);
        Assert.Equal(snapshot.Version, Enumerable.Range(0, snapshot.Count).Count(snapshot.IsRegistered));
        Assert.All(
            Enumerable.Range(0, snapshot.Count),
            i => Assert.Equal($"Version {snapshot.Version}", Encoding.UTF8.GetString(snapshot.Name(i))));
    }

    Task<int> WaitingAsync() => _database.QueryAsync<int>(
        "select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

    Task<RegisterCounts> ImportAsync(RegisterFolder folder) =>
        RegisterImport.RunAsync(_database.DataSource, folder.Path, progress: null, CancellationToken.None);
}
