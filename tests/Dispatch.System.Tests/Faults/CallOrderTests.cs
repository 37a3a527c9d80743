using System.Text.RegularExpressions;
using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;

namespace Dispatch.System.Tests.Faults;

/// <summary>F63: the order of the calls that make a print file last, read off a run that nothing disturbs. A power cut
/// between any two of them must leave a name with the whole file behind it, or no name.</summary>
[Collection(ServerCollection.Name)]
public sealed partial class CallOrderTests(ServerFixture fixture)
{
    static readonly string[] Suffixes = [".pdf", ".manifest.csv", ".ticket.json"];

    [Fact]
    public async Task Run_PrintFiles_AreWrittenSyncedAndNamedInThisOrder()
    {
        var site = await fixture.CreateSiteAsync("call_order", "postgres", "postgres");
        (await site.RunAsync("migrate")).Expect(0);
        await fixture.ImportAsync(site);
        var trace = Path.Combine(site.Folder, "trace");
        site.Launcher = Strace.Writing(trace, "write,pwrite64,fsync,rename,renameat,renameat2,link,linkat");
        (await site.RunAsync("run", fixture.Job)).Expect(0);
        site.Launcher = [];
        var (staging, house) = (Path.Combine(site.Data, "spool", "print"), Path.Combine(site.Outbox, "default"));
        var ticket = Path.GetFileName(Directory.GetFiles(house, "*.ticket.json").Single());
        var name = ticket[..^".ticket.json".Length];
        List<string> calls = [];
        await Until.TrueAsync("the whole trace", TimeSpan.FromSeconds(20), async () =>
        {
            calls = Calls(await File.ReadAllLinesAsync(trace));
            return calls.Contains($"fsync {house}");
        });

        foreach (var file in Suffixes.Select(suffix => name + suffix))
        {
            var (draft, staged, final) = ($"{staging}/{file}.part", $"{staging}/{file}", $"{house}/{file}");
            AssertInOrder(
                calls, calls.FindLastIndex(call => call == $"write {draft}"),
                $"fsync {draft}", $"rename {draft} {staged}",
                $"fsync {staging}", $"rename {staged} {final}", $"fsync {house}");
            Assert.DoesNotContain($"write {staged}", calls);
            Assert.DoesNotContain($"write {final}", calls);
        }

        var published = calls.IndexOf($"rename {staging}/{ticket} {house}/{ticket}");
        foreach (var file in Suffixes[..2].Select(suffix => name + suffix))
        {
            var placed = calls.IndexOf($"rename {staging}/{file} {house}/{file}");
            Assert.InRange(calls.IndexOf($"fsync {house}", placed), placed, published);
        }

        await site.CloseAsync();
    }

    static void AssertInOrder(List<string> calls, int from, params string[] expected)
    {
        Assert.True(from >= 0, "The file was never written.");
        foreach (var call in expected)
        {
            from = calls.IndexOf(call, from);
            Assert.True(from >= 0, $"No '{call}' in its place.");
        }
    }

    /// <summary>
    /// As <c>write PATH</c>, <c>fsync PATH</c>, <c>rename FROM TO</c>; a call counts when it has ended.
    /// </summary>
    static List<string> Calls(IEnumerable<string> lines)
    {
        var calls = new List<string>();
        var begun = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            var process = line.Split(' ')[0];
            var text = begun.Remove(process, out var start) ? start : line;
            if (line.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[process] = line;
            }
            else if (FileCall().Match(text) is { Success: true } file)
            {
                calls.Add(
                    file.Groups[1].Value.Replace("pwrite64", "write", StringComparison.Ordinal)
                    + $" {file.Groups[2].Value}");
            }
            else if (RenameCall().Match(text) is { Success: true } rename)
            {
                calls.Add($"rename {rename.Groups[1].Value} {rename.Groups[2].Value}");
            }
        }

        return calls;
    }

    [GeneratedRegex(@"^\d+ +(write|pwrite64|fsync)\(\d+<([^>]+)>")]
    private static partial Regex FileCall();

    [GeneratedRegex(@"^\d+ +(?:rename|link)[a-z0-9]*\((?:[^""]*)""([^""]+)""(?:[^""]*)""([^""]+)""")]
    private static partial Regex RenameCall();
}
