using System.Globalization;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>An installation on a server of its own for what operators do: few people, many small jobs.</summary>
public sealed class DeskFixture : IAsyncLifetime
{
    const int PeopleCount = 120;

    readonly MadeUpNumbers _numbers = new();
    readonly ServerCluster _cluster = new("desk-server");
    Site? _site;
    int _jobs;

    internal Site Site => _site!;

    internal ServerCluster Cluster => _cluster;

    /// <summary>Enrolled adults with a street address.</summary>
    internal List<Person> Enrolled { get; } = [];

    /// <summary>An exempt adult with an address; one without; one under threat.</summary>
    internal Person Exempt { get; private set; } = null!;

    internal Person WithoutAddress { get; private set; } = null!;

    internal Person UnderThreat { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _cluster.StartAsync();
        for (var i = 0; i < PeopleCount; i++)
        {
            Enrolled.Add(Addresses.StreetOnly(Some()));
        }

        Exempt = Addresses.StreetOnly(Some()) with { IsExempt = true };
        WithoutAddress = Some() with { IsExempt = true };
        UnderThreat = Addresses.ContactOnly(Some()) with { Status = "03", IsProtected = true };
        _site = new("desk", await _cluster.CreateDatabaseAsync("desk"));
        await ImportAsync(WithoutAddress);
    }

    public Task DisposeAsync() => _cluster.StopAsync();

    /// <summary>Loads the register again, with another version of one person.</summary>
    internal async Task ImportAsync(Person changed)
    {
        var register = new Register();
        foreach (var person in Enrolled.Concat([Exempt, WithoutAddress, UnderThreat]))
        {
            register.Add(person.Cpr == changed.Cpr ? changed : person);
        }

        var folder = RegisterFolder.Write(TestFolder.Create($"desk-register-{_jobs++}"), register);
        (await Site.RunAsync("register", "import", folder)).Expect(0);
    }

    /// <summary>A job of its own for one test.</summary>
    internal DeskJob Job(IEnumerable<string> recipients, Func<JobOrder, JobOrder>? change = null)
    {
        var order = new JobOrder
        {
            Reference = string.Create(CultureInfo.InvariantCulture, $"desk-{_jobs++}"),
            StopAtRefusedShare = null,
        };
        return DeskJob.Write(Site, change?.Invoke(order) ?? order, recipients);
    }

    Person Some() => new() { Cpr = _numbers.Cpr(AgeEdges.Adult), Name = $"{WorldRegister.NameMark} Prøve" };
}
