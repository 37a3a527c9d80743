using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;

namespace Dispatch.System.Tests.Effects;

/// <summary>The jobs that are sent to the whole world, and what must come of each row.</summary>
sealed class WorldJobs
{
    /// <summary>The job whose list is longer than any chunk.</summary>
    public const string Large = "public";

    static readonly Dictionary<string, JobRules> Rules = new()
    {
        [Large] = new(),
        ["private-paper"] = new() { IsPrivate = true, SenderCvr = WorldRegister.PrivateSender },
        ["private-refuse"] = new()
        {
            IsPrivate = true,
            SenderCvr = WorldRegister.PrivateSender,
            RefusesUnregistered = true,
        },
        ["private-digital-only"] = new()
        {
            IsPrivate = true,
            SenderCvr = WorldRegister.PrivateSender,
            Channel = "digital-only",
        },
        ["private-su"] = new() { IsPrivate = true, SenderCvr = WorldRegister.PrivateSender, MessageType = "su" },
        ["su"] = new() { MessageType = "su" },
        ["state-payslip"] = new() { MessageType = "state-payslip" },
        ["digital-only"] = new() { Channel = "digital-only" },
        ["paper-only"] = new() { Channel = "paper-only" },
        ["no-reference"] = new(),
    };

    readonly RecipientList _large;
    readonly RecipientList _small;
    readonly RecipientList _withoutReference;

    WorldJobs(DateOnly today)
    {
        Today = today;
        var numbers = new MadeUpNumbers();
        var world = new WorldRegister(numbers, today);
        (World, Numbers, Register) = (world, numbers, world.Register);
        _large = new WorldList(world, numbers, today, hasReference: true).Make(passes: 3);
        _small = new WorldList(world, numbers, today, hasReference: true).Make(passes: 1);
        _withoutReference = new WorldList(world, numbers, today, hasReference: false).Make(passes: 2);
    }

    public static IEnumerable<string> Names => Rules.Keys;

    public DateOnly Today { get; }

    public WorldRegister World { get; }

    public MadeUpNumbers Numbers { get; }

    public Register Register { get; }

    public static WorldJobs Make() => new(DanishClock.Today());

    public static JobOrder Order(string job) => new() { Reference = $"World.{job}", Rules = Rules[job] };

    public RecipientList List(string job) => job switch
    {
        Large => _large,
        "no-reference" => _withoutReference,
        _ => _small,
    };

    public Verdict[] Expect(string job) => new Judge(Register, Rules[job], Today).Decide(List(job));
}
