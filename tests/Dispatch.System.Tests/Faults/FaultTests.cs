using System.Globalization;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Faults;

/// <summary>
/// Workers and their database under every fault that can be brought about on one machine. Here the most telling ones,
/// once; DISPATCH_FAULTS names others (an id, or all), DISPATCH_FAULT_SEEDS says how often, DISPATCH_FAULT_SEED repeats
/// one. See ops/faults.sh.
/// </summary>
[Collection(FaultCollection.Name)]
[Trait("Length", "long")]
public sealed class FaultTests(FaultWorld world, ITestOutputHelper log)
{
    public static TheoryData<string> Cases => [.. FaultCases.Chosen().Select(fault => fault.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Engine_UnderAFault_GivesEveryRowItsOneEffect(string name)
    {
        var fault = FaultCases.All.Single(f => f.ToString() == name);
        var seeds = FromEnvironment("DISPATCH_FAULT_SEEDS", 1);
        var first = FromEnvironment("DISPATCH_FAULT_SEED", Environment.TickCount & 0xFFFF);
        for (var seed = first; seed < first + seeds; seed++)
        {
            log.WriteLine($"DISPATCH_FAULTS={fault.Id} DISPATCH_FAULT_SEED={seed}");
            await using var disk = fault.OnOwnDisk == ServerPart.None
                ? null : await ServerDisk.OpenAsync(isLogOnly: fault.OnOwnDisk == ServerPart.Log);
            var result = await FaultTrial.RunAsync(disk?.World ?? world, fault, seed);
            log.WriteLine(result.ToString());
            result.Write();
            Assert.True(result.Count.IsClean, result.ToString());
        }
    }

    static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
