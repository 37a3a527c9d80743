using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Server;

/// <summary>Somebody else's server, with an administrator; and a small job to send on it.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    readonly string _folder = TestFolder.Create("server-job");
    string _register = "";
    string _job = "";

    internal ServerCluster Cluster { get; } = new("server");

    /// <summary>Folder of the small job.</summary>
    internal string Job => _job;

    public async Task InitializeAsync()
    {
        await Cluster.StartAsync();
        var numbers = new MadeUpNumbers();
        var register = new Register();
        register.Add(Addresses.StreetOnly(new() { Cpr = numbers.Cpr(AgeEdges.Adult), Name = "Prøve Prøvesen" }));
        register.Add(Addresses.StreetOnly(new() { Cpr = numbers.Cpr(AgeEdges.Child), Name = "Lille Prøvesen" }));
        var list = new RecipientList(
            ["recipient"], [])
        { Rows = [.. register.People.Keys.Select(cpr => new[] { cpr })] };
        _job = JobFolder.Write(
            Path.Combine(_folder, "job"), new JobOrder { Reference = "server" }, list, "# Hej\n\nEt brev.\n");
        _register = RegisterFolder.Write(Path.Combine(_folder, "register"), register);
    }

    public async Task DisposeAsync()
    {
        await Cluster.StopAsync();
        TestFolder.Remove(_folder);
    }

    /// <summary>An installation on a database of its own.</summary>
    /// <param name="owner">Of the database.</param>
    /// <param name="user">Who connects.</param>
    internal async Task<Site> CreateSiteAsync(string database, string owner, string user)
    {
        await Cluster.AdministerAsync($"create database {database} owner {owner}");
        return new Site(database, Cluster.ConnectionString(database, user));
    }

    /// <summary>The register of the small job.</summary>
    internal async Task ImportAsync(Site site) => (await site.RunAsync("register", "import", _register)).Expect(0);

    /// <summary>Everything a send needs, from the import to the audit.</summary>
    internal async Task SendAsync(Site site)
    {
        await ImportAsync(site);
        (await site.RunAsync("run", _job)).Expect(0);
        (await site.RunAsync("audit")).Expect(0);
    }
}
