using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Mailbox;

namespace Dispatch.Worker.Tests.Mailbox;

public sealed class MailboxReaderTests(MailboxWorld world) : IClassFixture<MailboxWorld>
{
    [Fact]
    public async Task ListAsync_OwnMailbox_IsNewestFirst()
    {
        var reader = await world.OpenReaderAsync();
        await using var mailbox = await reader.OpenAsync(21, default);

        var letters = await mailbox.ListAsync(default, 10, after: null, default);

        Assert.Equal(world.Jobs.Reverse(), letters.Select(l => l.JobId));
        Assert.All(letters, l => Assert.Equal(21, l.RowNo));
        Assert.Equal(
            new(new(2026, 4, 1, 6, 0, 0, DateTimeKind.Utc), "10000009", "Skattestyrelsen", "Grøn check", world.Jobs[2], 21),
            letters[0]);
    }

    [Theory]
    [InlineData("10000009", null, "Grøn check")]
    [InlineData(null, "GRØN", "Grøn check")]
    [InlineData("19552101", "forsk", "Forskud")]
    [InlineData("19552101", "%", null)]
    [InlineData("19552101", "grøn", null)]
    public async Task ListAsync_BySenderAndTitle_GivesThose(string? sender, string? title, string? found)
    {
        var reader = await world.OpenReaderAsync();
        await using var mailbox = await reader.OpenAsync(21, default);

        var letters = await mailbox.ListAsync(new(sender, title), 10, after: null, default);

        Assert.Equal(found is null ? [] : [found], letters.Select(l => l.Title));
    }

    [Fact]
    public async Task ListAsync_PageByPage_GivesEachLetterOnce()
    {
        var reader = await world.OpenReaderAsync();
        await using var mailbox = await reader.OpenAsync(21, default);

        var jobs = new List<int>();
        MailboxEntry? last = null;
        while ((await mailbox.ListAsync(default, 1, last, default)).SingleOrDefault() is { } next)
        {
            jobs.Add(next.JobId);
            last = next;
        }

        Assert.Equal(world.Jobs.Reverse(), jobs);
    }

    [Fact]
    public async Task FindAsync_OwnLetter_GivesWhatIsStored()
    {
        var reader = await world.OpenReaderAsync();
        await using var mailbox = await reader.OpenAsync(31, default);

        var letter = await mailbox.FindAsync(world.Jobs[2], 31, default);

        Assert.Equal((31, "letter of 31"), (letter!.PersonId, Encoding.UTF8.GetString(letter.Values)));
        Assert.Null(await mailbox.FindAsync(world.Jobs[2], 41, default));
        Assert.Null(await mailbox.FindAsync(999, 31, default));
    }

    [Fact]
    public async Task ListAsync_LetterOfTomorrow_IsNotThereYet()
    {
        await world.Database.ExecuteAsync($"""
            insert into mailbox.letters values (0, {world.Jobs[0]}, 9001, 9001, 101, 0, now() + interval '1 day', '')
            """);
        var reader = await world.OpenReaderAsync();
        await using var mailbox = await reader.OpenAsync(9001, default);

        Assert.Empty(await mailbox.ListAsync(default, 10, after: null, default));
        Assert.Null(await mailbox.FindAsync(world.Jobs[0], 9001, default));
    }

    [Fact]
    public async Task Session_PastItsLifetime_SaysSoInsteadOfAnEmptyMailbox()
    {
        var reader = await world.OpenReaderAsync(TimeSpan.Zero);
        await using var mailbox = await reader.OpenAsync(21, default);

        var listed = await Assert.ThrowsAsync<DispatchException>(
            () => mailbox.ListAsync(default, 10, after: null, default));
        var found = await Assert.ThrowsAsync<DispatchException>(() => mailbox.FindAsync(world.Jobs[0], 21, default));

        Assert.Equal(("mailbox.ticket", ExitCode.TryAgain), (listed.Code, listed.Exit));
        Assert.Equal("mailbox.ticket", found.Code);
    }

    [Fact]
    public async Task Interleaved_ManyPeopleOnTwoConnections_NobodySeesAnothersLetter()
    {
        const int Reads = 10_000;
        const int AtOnce = 4;
        var reader = await world.OpenReaderAsync();
        var backends = new HashSet<int>();
        var foreign = new List<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Reads), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (read, ct) =>
            {
                var person = MailboxWorld.People[read * 7 % MailboxWorld.People.Length];
                if (read % 10 == 9)
                {
                    // Whoever shows no ticket comes to a connection that has just seen one.
                    await using var bare = world.Reader.CreateCommand(
                        "select pg_backend_pid(), (select count(*) from mailbox.letters) + (select count(*) from mailbox.inbox)");
                    await using var row = await bare.ExecuteReaderAsync(ct);
                    await row.ReadAsync(ct);
                    Note(() => backends.Add(row.GetInt32(0)));
                    Note(() => foreign.AddRange(row.GetInt64(1) == 0 ? [] : [$"read {read} without a ticket"]));
                    return;
                }

                await using var mailbox = await reader.OpenAsync(person, ct);
                var letters = await mailbox.ListAsync(default, 10, after: null, ct);
                Note(() => foreign.AddRange(
                    letters.Count == world.Jobs.Count && letters.All(
                        l => l.RowNo == person) ? [] : [$"read {read} of {person}"]));
            });

        Assert.Empty(foreign);
        Assert.InRange(backends.Count, 1, MailboxWorld.ReaderConnections);

        void Note(Action note)
        {
            lock (foreign)
            {
                note();
            }
        }
    }

    [Fact]
    public async Task Connection_GivenBackInsideItsTransaction_TakesNoTicketAlong()
    {
        var reader = await world.OpenReaderAsync();
        var sessions = new List<MailboxSession>();
        for (var i = 0; i < MailboxWorld.ReaderConnections; i++)
        {
            sessions.Add(await reader.OpenAsync(21, default));
        }

        foreach (var session in sessions)
        {
            await session.DisposeAsync();
            await using var bare = world.Reader.CreateCommand(
                "select coalesce(current_setting('dispatch.ticket', true), '')");
            Assert.Equal("", await bare.ExecuteScalarAsync());
        }
    }
}
