using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.BadInput;

/// <summary>Walks the corpus of bad input: its cases through <c>dispatch run</c>, all in one installation.</summary>
public sealed class CorpusTests(CorpusFixture corpus) : IClassFixture<CorpusFixture>
{
    static readonly TimeSpan CaseTimeMax = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Cases => [.. CorpusCase.Chosen()];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_CaseOfTheCorpus_EndsAsWritten(string name)
    {
        var site = corpus.Site;
        var @case = CorpusCase.Read(name);
        var folder = Path.Combine(site.Folder, name);
        var reference = await @case.WriteJobAsync(folder);
        if (@case.Register is { } register)
        {
            (await site.RunAsync("register", "import", register)).Expect(0);
        }

        var result = await site.RunAsync("run", folder);

        if (@case.Register is not null)
        {
            (await site.RunAsync("register", "import", Path.Combine(CorpusCase.Default, "register"))).Expect(0);
        }

        result.Expect(@case.ExitCode);
        Assert.True(result.Elapsed < CaseTimeMax, $"It took {result.Elapsed}.");
        Assert.True(@case.Code is null || @case.Code == result.ErrorCode, $"Expected {@case.Code}. {result}");
        if (@case.ExitCode == 65)
        {
            await AssertNothingAcceptedAsync(site, reference, result);
            return;
        }

        await AssertRowsAsync(site, reference, @case);
    }

    static async Task AssertNothingAcceptedAsync(Site site, string reference, CommandResult result)
    {
        result.ExpectError(65);
        Assert.Empty(await site.QueryAsync("select job_id from ops.jobs where reference = $1", reference));
    }

    static async Task AssertRowsAsync(Site site, string reference, CorpusCase @case)
    {
        var job = Assert.Single(
            await site.QueryAsync(
                "select sender_cvr || '/' || reference, rows from ops.jobs where reference = $1", reference));
        var found = await EffectTable.ReadAsync(site, job[0]!);
        Assert.Equal(job[1], $"{found.Count}");
        Assert.Equal(
            @case.Rows.OrderBy(r => r.Key, StringComparer.Ordinal),
            found.Select(f => KeyValuePair.Create($"{f.Row}", $"{f.Verdict.Effect}:{f.Verdict.Reason}"))
                .Where(f => @case.Rows.Any(r => r.Key == f.Key)).OrderBy(r => r.Key, StringComparer.Ordinal));
    }
}
