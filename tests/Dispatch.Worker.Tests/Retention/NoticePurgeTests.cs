namespace Dispatch.Worker.Tests.Retention;

/// <summary>What is no part of a ledger: notices, and what the operator of Digital Post owed people.</summary>
public sealed class NoticePurgeTests : IAsyncLifetime
{
    PurgeSite _site = null!;

    public async Task InitializeAsync() => _site = await PurgeSite.CreateAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("update dispatch.notices set state = 1, settled_at = null where channel = 2", "notices 0/0/1", true)]
    [InlineData("update dispatch.notices set settled_at = now()", "notices 0/0/0", true)]
    [InlineData("update dispatch.batches set state = 'accepted' where job_id <> {job}", "own_letters 0/0/0", false)]
    [InlineData("update register.own_jobs set submitted_at = null where reference = 'covers'", "own_letters 0/0/0", false)]
    [InlineData("update register.print_outs set fault = null where letter_no = 2", "own_letters 0/0/0", false)]
    public async Task RunAsync_NoticesOrOwnLettersThatAreNotFinal_AreLeftAlone(string sql, string told, bool isOfNotices)
    {
        await _site.Database.ExecuteAsync(sql.Replace("{job}", $"{_site.Job}", StringComparison.Ordinal));

        Assert.Contains(told, PurgeSite.Told(await _site.RunAsync()), StringComparison.Ordinal);

        Assert.Equal(isOfNotices ? 3 : 0, await _site.CountAsync("dispatch.notices", "true"));
        Assert.Equal(isOfNotices ? 1 : 3, await _site.CountAsync("register.own_letters", "true"));
    }
}
