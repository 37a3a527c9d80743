using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>A server of its own that may be crashed, the world's register on it as the start of every run, and the
/// world's largest job with what must come of each row.</summary>
public sealed class FaultWorld : IAsyncLifetime
{
    const string Template = "faults";
    const int Passes = 5;
    const int PaperShare = 30;

    readonly Site _template;
    readonly WorldJobs _world = WorldJobs.Make();
    RecipientList? _list;
    int _runs;

    /// <summary>On an ordinary disk.</summary>
    public FaultWorld()
        : this("faults")
    {
    }

    internal FaultWorld(string name)
    {
        Cluster = new(name);
        _template = new Site($"{name}-template", Cluster.ConnectionString(Template, "postgres"));
        Order = WorldJobs.Order(WorldJobs.Large);
    }

    internal ServerCluster Cluster { get; }

    internal JobOrder Order { get; }

    internal RecipientList List => _list ?? throw new InvalidOperationException("not there yet");

    internal Verdict[] Expected { get; private set; } = [];

    internal Register Register => _world.Register;

    internal string Job { get; private set; } = "";

    /// <summary>The disk the server has to itself; null = none.</summary>
    internal ServerDisk? Disk { get; set; }

    public async Task InitializeAsync()
    {
        MakeList(); // which makes people, too
        await Cluster.StartAsync(settings: "-c max_connections=60");
        await Cluster.CreateDatabaseAsync(Template);
        (await _template.RunAsync("migrate")).Expect(0);
        var register = RegisterFolder.Write(Path.Combine(_template.Folder, "register"), _world.Register);
        (await _template.RunAsync("register", "import", register)).Expect(0);
        Job = JobFolder.Write(Path.Combine(_template.Folder, "job"), Order, List, WorldLetter.Markdown);
    }

    public async Task DisposeAsync()
    {
        await _template.CloseAsync();
        await Cluster.StopAsync();
    }

    /// <summary>A new installation, its register imported and its database behind a line.</summary>
    internal async Task<FaultRun> OpenAsync(int seed, IReadOnlyList<string> settings)
    {
        var database = $"run_{_runs++}";
        await Cluster.AdministerAsync($"create database {database} template {Template}");
        return await FaultRun.OpenAsync(this, _template.Data, database, seed, settings);
    }

    /// <summary>What would come of each row if these people were registered so.</summary>
    internal Verdict[] ExpectAfter(IReadOnlyList<Person> changed)
    {
        var register = new Register();
        foreach (var person in _world.Register.People.Values.ExceptBy(changed.Select(p => p.Cpr), p => p.Cpr)
            .Concat(changed))
        {
            register.Add(person);
        }

        foreach (var company in _world.Register.Companies.Values)
        {
            register.Add(company);
        }

        register.Registrations.UnionWith(_world.Register.Registrations);
        return new Judge(register, Order.Rules, _world.Today).Decide(List);
    }

    // Most of the world gets paper, and reading pages takes longer than sending them.
    void MakeList()
    {
        var whole = new WorldList(_world.World, _world.Numbers, _world.Today, hasReference: true).Make(Passes);
        var judge = new Judge(_world.Register, Order.Rules, _world.Today).Decide(whole);
        var paper = 0;
        _list = whole with
        {
            Rows = [.. whole.Rows.Where((_, i) => judge[i].Effect != "paper" || paper++ % PaperShare == 0)],
        };
        Expected = new Judge(_world.Register, Order.Rules, _world.Today).Decide(_list);
    }
}
