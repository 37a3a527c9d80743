using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>
/// A job folder is taken when it and all it names are whole: by a clock that is set, whatever the machine's says.
/// </summary>
public sealed class InboxWaitTests : IDisposable
{
    const string Rows = ", \"expectedRows\": 1";

    static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly IntakeSite _site = new();
    readonly SetClock _clock = new();
    readonly Inbox _inbox;

    public InboxWaitTests() =>
        _inbox = new(Directory.CreateDirectory(InboxPath).FullName, null, new(), new(Patience, Settle), _clock);

    string InboxPath => Path.Combine(_site.Root, "inbox");

    string List => Path.Combine(InboxPath, "a", "recipients.csv");

    [Fact]
    public void FindDue_NothingSaysItIsWhole_WaitsUntilItSettled()
    {
        Drop();
        Assert.Equal([], DueAtOnce());

        _clock.Pass(Settle - TimeSpan.FromTicks(1));
        Assert.Equal([], Due());
        File.AppendAllText(List, $"{IntakeSite.Cpr};2;Bo\n");
        Assert.Equal([], DueAtOnce());
        _clock.Pass(Settle - TimeSpan.FromTicks(1));
        Assert.Equal([], Due());
        _clock.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(["a"], Due());
    }

    [Fact]
    public void FindDue_ListWrittenAMomentAgo_WaitsThoughItWasSeenLongAgo()
    {
        Drop();
        foreach (var file in Directory.GetFiles(Path.Combine(InboxPath, "a")))
        {
            File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime + Settle); // by a clock that is ahead
        }

        Assert.Equal([], DueAtOnce());
        _clock.Pass(Settle + Settle - TimeSpan.FromMilliseconds(1));
        Assert.Equal([], Due());
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a"], Due());
    }

    [Theory]
    [InlineData(Rows)]
    [InlineData(", \"sha256\": \"00000000000000000000000000000000000000000000000000000000000000ff\"")]
    public void FindDue_OrderSaysWhatTheListHas_IsDueAtTheSecondLook(string declared)
    {
        Drop(declared);
        Assert.Equal(["a"], DueAtOnce());
    }

    [Fact]
    public void FindDue_PutThereByOneRename_IsDueAtTheSecondLook()
    {
        Drop();
        var (folder, aside) = (Path.Combine(InboxPath, "a"), Path.Combine(InboxPath, ".a"));
        for (var i = 0; i < 10_000 && !InboxLook.Take(folder).IsPutByRename; i++)
        {
            // Times of files have steps of some milliseconds.
            Directory.Move(folder, aside);
            Directory.Move(aside, folder);
        }

        Assert.Equal(["a"], DueAtOnce());
        Assert.False(_inbox.TryPostpone("a", "file.count_mismatch"));

        File.AppendAllText(List, $"{IntakeSite.Cpr};2;Bo\n"); // by somebody who had it open
        Assert.Equal([], DueAtOnce());
    }

    [Fact]
    public void FindDue_PictureThatComesLate_IsWaitedFor()
    {
        _site.Write("letter.md", "# Brev\n\n![Våben](crest.png)\n\nKære {{name}}\n");
        Drop(Rows);
        Assert.Equal([], DueAtOnce());
        _clock.Pass(Patience - TimeSpan.FromSeconds(1));
        Assert.Equal([], Due());

        var assets = Directory.CreateDirectory(Path.Combine(InboxPath, "a", "assets")).FullName;
        Assert.Equal([], DueAtOnce());
        File.WriteAllText(Path.Combine(assets, "crest.png"), "");
        Assert.Equal(["a"], DueAtOnce());
    }

    [Fact]
    public void FindDue_PictureThatNeverComes_IsDueWhenPatienceEnds()
    {
        _site.Write("letter.md", "# Brev\n\n![Våben](crest.png)\n\nKære {{name}}\n");
        Drop(Rows);
        Assert.Equal([], DueAtOnce());
        _clock.Pass(Patience);
        Assert.Equal(["a"], Due());
    }

    [Theory]
    [InlineData("file.count_mismatch", 600)]
    [InlineData("file.hash_mismatch", 600)]
    [InlineData("csv.quote", 10)]
    public void TryPostpone_ListThatMayBeCutOff_WaitsBeforeItIsRefused(string code, int seconds)
    {
        Drop(Rows);
        Assert.Equal(["a"], DueAtOnce());

        Assert.True(_inbox.TryPostpone("a", code));
        _clock.Pass(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.Equal([], Due());
        _clock.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(["a"], Due());
        Assert.False(_inbox.TryPostpone("a", code));
    }

    [Fact]
    public void TryPostpone_ListThatGrows_IsDueAgainAtOnce()
    {
        Drop(Rows);
        Assert.Equal(["a"], DueAtOnce());
        Assert.True(_inbox.TryPostpone("a", "file.count_mismatch"));
        File.AppendAllText(List, $"{IntakeSite.Cpr};2;Bo\n");
        Assert.Equal(["a"], DueAtOnce());
    }

    public void Dispose() => _site.Dispose();

    IReadOnlyList<string> Due()
    {
        var troubles = new List<InboxTrouble>();
        var due = _inbox.FindDue(troubles);
        Assert.Empty(troubles);
        return due;
    }

    IReadOnlyList<string> DueAtOnce()
    {
        Assert.Equal([], Due());
        return Due();
    }

    void Drop(string recipients = "")
    {
        _site.Write("job.json", IntakeSite.OrderJson("job-1", recipients));
        var folder = Directory.CreateDirectory(Path.Combine(InboxPath, "a")).FullName;
        foreach (var file in Directory.GetFiles(_site.Job))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    /// <summary>Begins before any file of the test was written.</summary>
    sealed class SetClock : TimeProvider
    {
        static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        TimeSpan _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => Start + _passed;

        public void Pass(TimeSpan time) => _passed += time;
    }
}
