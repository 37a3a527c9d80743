using System.Text;
using Dispatch.Routing.Register;
using Dispatch.Worker.Register;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Register;

public sealed class RegisterImageFolderTests : IAsyncLifetime, IDisposable
{
    readonly TestDatabase _database = new();
    readonly RegisterFolder _folder = new();
    readonly string _root = Directory.CreateTempSubdirectory().FullName;

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task LoadAsync_SecondStart_ReadsTheImageAndNotThePeople()
    {
        await ImportAsync(SomePerson(1), SomePerson(2));
        await LoadAsync();
        await _database.ExecuteAsync("delete from register.people");

        var snapshot = await LoadAsync();

        Assert.Equal((1L, 2), (snapshot.Version, snapshot.PeopleCount));
        Assert.Equal("Lærke Østergaard", Name(snapshot, 2));
    }

    [Fact]
    public async Task LoadAsync_AfterAnImport_ReadsTheNewRegisterAndRemovesTheOldImage()
    {
        await ImportAsync(SomePerson(1));
        await LoadAsync();
        var old = Directory.GetFiles(Images);
        await ImportAsync(SomePerson(1), SomePerson(2));

        var snapshot = await LoadAsync();

        Assert.Equal((2L, 2), (snapshot.Version, snapshot.PeopleCount));
        Assert.DoesNotContain(Assert.Single(old), Directory.GetFiles(Images));
        Assert.Single(Directory.GetFiles(Images));
    }

    [Fact]
    public async Task Import_GivenTheFolder_KeepsWhatAStartWouldRead()
    {
        await ImportAsync(SomePerson(1), SomePerson(2));
        _folder.Companies("12345678;Måge ApS;;Strandvej 1;;2900;Hellerup;;active;0;", "87654321;Alke A/S;;;;;;;closed;1;");
        _folder.People(
            SomePerson(2) with { Name = new string('ø', 200) },
            SomePerson(3) with { Status = "60", CurrentCpr = SomePeople.Cpr(2) },
            SomePerson(4) with { Status = "80", Street = "", BirthDate = "1950-02-03" });
        await RegisterImport.RunAsync(
            _database.DataSource, _folder.Path, null, CancellationToken.None, await OpenImagesAsync());
        var kept = Assert.Single(Directory.GetFiles(Images));

        await _database.ExecuteAsync("create table people as table register.people; truncate register.people");
        var fromImage = Rows(await LoadAsync());
        File.Delete(kept);
        await _database.ExecuteAsync("insert into register.people select * from people");

        Assert.Equal(Rows(await LoadAsync()), fromImage);
        Assert.Equal(12, fromImage.Count);
    }

    [Fact]
    public async Task LoadAsync_OtherDatabaseWithTheSameVersion_DoesNotTakeItsImage()
    {
        await ImportAsync(SomePerson(1), SomePerson(2));
        await LoadAsync();
        var image = Assert.Single(Directory.GetFiles(Images));
        await _database.ExecuteAsync("update register.versions set identity = gen_random_uuid()");
        var identity = await _database.QueryAsync<Guid>("select identity from register.versions");
        File.Move(image, Path.Combine(Images, $"{identity:N}-named"));
        await _database.ExecuteAsync("delete from register.people");

        Assert.Equal(0, (await LoadAsync()).PeopleCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-1)]
    public async Task LoadAsync_ImageWasChanged_ReadsTheDatabase(int position)
    {
        var image = await MakeImageAsync();
        var bytes = File.ReadAllBytes(image);
        bytes[position < 0 ? bytes.Length + position : position] ^= 1;
        File.WriteAllBytes(image, bytes);

        Assert.Equal(1, (await LoadAsync()).PeopleCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    public async Task LoadAsync_ImageWasCut_ReadsTheDatabase(int length)
    {
        using (var image = File.OpenWrite(await MakeImageAsync()))
        {
            image.SetLength(length);
        }

        Assert.Equal(1, (await LoadAsync()).PeopleCount);
    }

    [Fact]
    public async Task LoadAsync_AnotherKey_ReadsTheDatabase()
    {
        await MakeImageAsync();
        File.Delete(KeyFile);

        Assert.Equal(1, (await LoadAsync()).PeopleCount);
    }

    [Fact]
    public async Task LoadAsync_ImagesCannotBeWritten_LoadsAllTheSame()
    {
        File.WriteAllText(Images, "in the way");
        await ImportAsync(SomePerson(1));

        Assert.Equal(1, (await LoadAsync()).PeopleCount);
    }

    [Fact]
    public async Task Write_Image_IsSealedAndItsOwnersAlone()
    {
        var image = await MakeImageAsync(deletesPeople: false);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(image));
        var bytes = File.ReadAllBytes(image);
        Assert.True(bytes.Length > 1000);
        Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("Østergaard")));
    }

    string Images => Path.Combine(_root, "images");

    string KeyFile => Path.Combine(_root, "key");

    // The image holds two people; whoever reads the database instead finds one.
    async Task<string> MakeImageAsync(bool deletesPeople = true)
    {
        await ImportAsync(SomePerson(1), SomePerson(2));
        Assert.Equal(2, (await LoadAsync()).PeopleCount);
        if (deletesPeople)
        {
            await _database.ExecuteAsync(
                "delete from register.people where cpr = (select max(cpr) from register.people)");
        }

        return Assert.Single(Directory.GetFiles(Images));
    }

    async Task<RegisterSnapshot> LoadAsync()
    {
        var reader = new RegisterReader(_database.DataSource, await OpenImagesAsync());
        return await reader.LoadAsync(withNames: true, privateSenderCvr: null, CancellationToken.None);
    }

    async Task<RegisterImageFolder> OpenImagesAsync() => new(
        Images, await KeyRing.OpenAsync(KeySource.OfFile(KeyFile), mayCreate: true, CancellationToken.None));

    static List<string> Rows(RegisterSnapshot snapshot) =>
    [
        .. Enumerable.Range(0, snapshot.Count).Select(i =>
            $"{snapshot.PersonId(i)} {snapshot.Facts(i).Packed} {snapshot.BirthDayOf(i)} {snapshot.CurrentCpr(i)} "
            + Encoding.UTF8.GetString(snapshot.Name(i))),
        .. new[] { 1, 2, 3, 4 }.Select(person => $"{snapshot.FindPerson(SomePeople.Number(person))}"),
        .. new[] { 12345678u, 87654321u }.Select(cvr => $"{snapshot.FindCompany(cvr)}"),
        $"{snapshot.Version} {snapshot.PeopleCount} {snapshot.CompanyCount}",
    ];

    Task<RegisterCounts> ImportAsync(params PersonLine[] people) =>
        RegisterImport.RunAsync(_database.DataSource, _folder.People(people).Path, null, CancellationToken.None);

    static PersonLine SomePerson(int index) => new(SomePeople.Cpr(index));

    static string Name(RegisterSnapshot snapshot, int person) =>
        Encoding.UTF8.GetString(snapshot.Name(snapshot.FindPerson(SomePeople.Number(person))));
}
