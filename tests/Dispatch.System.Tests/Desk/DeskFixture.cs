using System.Globalization;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>An installation on a server of its own for what operators do: few people, many small jobs.</summary>
public sealed class DeskFixture : IAsyncLifetime
{
    const int PeopleCount = 123;

    static int _desks;

    readonly MadeUpNumbers _numbers = new();
    readonly ServerCluster _cluster;
    readonly string _name = string.Create(CultureInfo.InvariantCulture, $"desk{Interlocked.Increment(ref _desks)}");
    Site? _site;
    int _jobs;

    public DeskFixture()
    {
        _cluster = new($"{_name}-server");
    }

    internal Site Site => _site!;

    /// <summary>Enrolled adults with a street address.</summary>
    internal List<Person> Enrolled { get; } = [];

    /// <summary>At one address; below their names stands the same.</summary>
    internal Person[] Family { get; private set; } = [];

    /// <summary>At the same address, and protected.</summary>
    internal Person ProtectedSpouse { get; private set; } = null!;

    /// <summary>Two people who get their post in one place that is nobody's home; the house beside; and one whose
    /// address is the family's, spelled otherwise.</summary>
    internal Person[] Neighbours { get; private set; } = [];

    /// <summary>Registered at the family's address.</summary>
    internal Company FamilyFirm { get; private set; } = null!;

    internal Person EnrolledWithoutAddress { get; private set; } = null!;

    /// <summary>An exempt adult with an address; one without; one under threat.</summary>
    internal Person Exempt { get; private set; } = null!;

    internal Person WithoutAddress { get; private set; } = null!;

    internal Person UnderThreat { get; private set; } = null!;

    /// <summary>In no register yet.</summary>
    internal Person Newcomer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _cluster.StartAsync();
        for (var i = 0; i < PeopleCount; i++)
        {
            Enrolled.Add(Addresses.StreetOnly(Some()));
        }

        Family =
        [
            AtHome(AgeEdges.Adult, "Anders"), AtHome(AgeEdges.Child, "Clara"), AtHome(AgeEdges.Adult, "Bodil"),
        ];
        ProtectedSpouse = AtHome(AgeEdges.Adult, "Dorthe") with { IsProtected = true };
        Neighbours =
        [
            Some() with { Contact = "Prøvegården|Prøvevej 9|8000 Aarhus C" },
            Some() with { Contact = "Prøvegården|Prøvevej 9|8000 Aarhus C" },
            AtHome(AgeEdges.Adult, "Erik") with { Street = "Prøvevej 5" },
            AtHome(AgeEdges.Adult, "Bente") with { Street = "Prøvevej  3" },
        ];
        FamilyFirm = new()
        {
            Cvr = _numbers.Cvr(),
            Name = "Firmaet Prøve",
            Street = "Prøvevej 3",
            Postcode = "8000",
            City = "Aarhus C",
        };
        EnrolledWithoutAddress = Some();
        Exempt = Addresses.StreetOnly(Some()) with { IsExempt = true };
        WithoutAddress = Some() with { IsExempt = true };
        UnderThreat = Addresses.ContactOnly(Some()) with { Status = "03", IsProtected = true };
        Newcomer = Some();
        _site = new(_name, await _cluster.CreateDatabaseAsync("desk"));
        await ImportAsync(WithoutAddress);
    }

    public async Task DisposeAsync()
    {
        await Site.CloseAsync();
        await _cluster.StopAsync();
    }

    /// <summary>Loads the register again, with another version of one person.</summary>
    internal async Task ImportAsync(Person changed)
    {
        var register = new Register();
        register.Add(FamilyFirm);
        foreach (var person in Enrolled.Concat(Family).Concat(Neighbours)
            .Concat([ProtectedSpouse, EnrolledWithoutAddress, Exempt, WithoutAddress, UnderThreat]))
        {
            register.Add(person.Cpr == changed.Cpr ? changed : person);
        }

        var folder = RegisterFolder.Write(Path.Combine(Site.Folder, $"register-{_jobs++}"), register);
        (await Site.RunAsync("register", "import", folder)).Expect(0);
    }

    /// <summary>A job of its own for one test.</summary>
    internal DeskJob Job(
        IEnumerable<string> recipients, Func<JobOrder, JobOrder>? change = null, string letter = DeskJob.Letter)
    {
        var order = new JobOrder
        {
            Reference = string.Create(CultureInfo.InvariantCulture, $"desk-{_jobs++}"),
            StopAtRefusedShare = null,
        };
        return DeskJob.Write(Site, change?.Invoke(order) ?? order, recipients, letter);
    }

    Person AtHome(DateOnly born, string name) => new()
    {
        Cpr = _numbers.Cpr(born),
        Name = $"{name} {WorldRegister.NameMark}",
        Street = "Prøvevej 3",
        Postcode = "8000",
        City = "Aarhus C",
    };

    Person Some() => new() { Cpr = _numbers.Cpr(AgeEdges.Adult), Name = $"{WorldRegister.NameMark} Prøve" };
}
