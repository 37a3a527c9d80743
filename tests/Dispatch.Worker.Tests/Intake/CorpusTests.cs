using Dispatch.Routing;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>Every case of the corpus as far as intake: refused with the code it names, or found sound.</summary>
public sealed class CorpusTests : IDisposable
{
    // 2 GB on disk is a matter for the published program's tests; the same line is read here from a sparse file.
    const string TwoGigabytes = "B20-one-line";
    const long MemoryMax = 64 << 20;

    readonly IntakeSite _site = new();

    public static TheoryData<string> Names =>
    [
        .. Directory.GetDirectories(CorpusFolder.Root).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not ("_default" or TwoGigabytes)).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Names_Corpus_IsThere() => Assert.True(Names.Count > 100);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task CheckAsync_CorpusCase_EndsAsItSays(string name)
    {
        Directory.Delete(_site.Job, recursive: true);
        var expected = CorpusFolder.Write(name, _site.Job);
        for (var round = 1; round <= 2; round++)
        {
            var fault = await Record.ExceptionAsync(async () => (await _site.CheckAsync()).Dispose());

            Assert.Equal(expected, (fault as DispatchException)?.Code ?? fault?.GetType().Name);
            if (fault is DispatchException told)
            {
                Assert.Equal(ExitCode.Refused, told.Exit);
                Assert.DoesNotMatch("[0-9]{6}-?[0-9]{4}|\n|Anna", told.Message);
            }
        }

        Assert.Empty(_site.SpooledFiles);
    }

    [Fact]
    public async Task CheckAsync_EndlessLine_IsRefusedInBoundedMemory()
    {
        using (var list = File.Open(Path.Combine(_site.Job, "recipients.csv"), FileMode.Append))
        {
            list.Write(new byte[8_192].Select(_ => (byte)'x').ToArray());
            list.SetLength(2L << 30);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var fault = await Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync());

        Assert.Equal("line.too_long", fault.Code);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, MemoryMax);
    }

    public void Dispose() => _site.Dispose();
}
