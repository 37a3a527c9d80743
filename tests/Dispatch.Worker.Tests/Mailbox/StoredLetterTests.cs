using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Security;
using Dispatch.Worker.Tests.Keys;

namespace Dispatch.Worker.Tests.Mailbox;

public sealed class StoredLetterTests : IAsyncLifetime
{
    KeySite _site = null!;
    AcceptedJob _job = null!;
    JobKey _key = null!;

    public async Task InitializeAsync()
    {
        _site = await KeySite.CreateAsync();
        _job = await _site.SubmitAsync();
        _key = await _job.OpenKeyAsync(await _site.OpenRingAsync(), default);
        var salt = JobKey.NewSalt();
        await _site.Database.ExecuteAsync($"""
            update dispatch.chunks set rows = 2, state = 'done', digital = 2, paper = 0, held = 0, refused = 0,
                salt = '\x{Convert.ToHexString(salt)}'
            """);
        using var seal = _key.ForChunk(salt);
        foreach (var row in new[] { 1, 2 })
        {
            var values = LetterValues.Encode($"ref-{row}", [$"værdi {row}"], "", "");
            var sealedValues = new byte[values.Length + LetterSeal.TagBytes];
            seal.Seal(_job.JobId, row, row + 50, _job.TemplateId, SealPurpose.Letter, values, sealedValues);
            await _site.Database.ExecuteAsync($"""
                insert into mailbox.letters
                values (0, {_job.JobId}, {row}, {row + 50}, 101, 0, now(), '\x{Convert.ToHexString(sealedValues)}')
                """);
        }
    }

    public async Task DisposeAsync()
    {
        _key.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task OpenAsync_LetterAsItWasSealed_OpensAndIsOnRecord()
    {
        await OpenAsync(1);
        await OpenAsync(2);

        Assert.Equal(2L, await _site.Database.QueryAsync<long>(
            "select count(*) from dispatch.events where action = 'read_letter' and detail = 'a call' and actor = 'bo'"));
    }

    [Theory]
    [InlineData("sealed = (select sealed from mailbox.letters o where o.row_no = 3 - l.row_no)")]
    [InlineData("person_id = 102 - person_id + 1")]
    [InlineData("sealed = substr(sealed, 1, length(sealed) - 1)")]
    [InlineData("sealed = '\\x'")]
    [InlineData("sealed = set_byte(sealed, 0, get_byte(sealed, 0) # 1)")]
    public async Task OpenAsync_ValuesMovedOrChangedBySql_RefusesBoth(string change)
    {
        await _site.Database.ExecuteAsync($"update mailbox.letters l set {change}");

        foreach (var row in new[] { 1, 2 })
        {
            var fault = await Assert.ThrowsAsync<DispatchException>(() => OpenAsync(row));
            Assert.Equal(("letter.unreadable", ExitCode.Failed), (fault.Code, fault.Exit));
            Assert.Contains($"row {row} of job {_job.JobId}", fault.Message, StringComparison.Ordinal);
        }
    }

    Task<LetterValues> OpenAsync(int row) => StoredLetter.OpenAsync(
        _site.Database.DataSource, _job, row, 1, _key, "bo", "a call", CancellationToken.None);
}
