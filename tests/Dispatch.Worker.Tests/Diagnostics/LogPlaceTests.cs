using Dispatch.Worker.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Dispatch.Worker.Tests.Diagnostics;

public sealed class LogPlaceTests : IDisposable
{
    const int Lines = 200;

    readonly string _folder = TestServer.NewFolder("log-places");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Take_SeveralAtATime_EachHasTheFirstThatIsFree()
    {
        using var one = LogPlace.Take(_folder);
        using (var other = LogPlace.Take(_folder))
        {
            Assert.Equal("dispatch-.log", Path.GetFileName(one.Pattern));
            Assert.Equal("dispatch-2-.log", Path.GetFileName(other.Pattern));
            Assert.All(Directory.GetFiles(_folder), file => Assert.Empty(File.ReadAllText(file)));
        }

        using var next = LogPlace.Take(_folder);
        Assert.Equal("dispatch-2-.log", Path.GetFileName(next.Pattern));
    }

    [Fact]
    public void Take_NoPlaceToBeHad_IsTheFirst() =>
        Assert.Equal("/no/such/folder/dispatch-.log", LogPlace.Take("/no/such/folder").Pattern);

    [Fact]
    public void Open_ExceptionOfALibrary_IsToldByKindAndPlace()
    {
        using (var place = LogPlace.Take(_folder))
        using (var logs = LogFile.Open(new(), place))
        {
            try
            {
                throw new InvalidOperationException("Karen Jensen", new FormatException("Lærkevej 9C"));
            }
            catch (InvalidOperationException fault)
            {
                logs.CreateLogger("Microsoft.Extensions.Hosting").LogError(fault, "A part failed");
            }
        }

        var line = File.ReadAllText(Directory.GetFiles(_folder, "*.log").Single());
        Assert.Contains("A part failed", line, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException < FormatException", line, StringComparison.Ordinal);
        Assert.Contains(nameof(Open_ExceptionOfALibrary_IsToldByKindAndPlace), line, StringComparison.Ordinal);
        Assert.DoesNotContain("Karen", line, StringComparison.Ordinal);
        Assert.DoesNotContain("rkevej", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TwoAtATime_NoLineIsLost()
    {
        using (var one = LogPlace.Take(_folder))
        using (var other = LogPlace.Take(_folder))
        using (var first = LogFile.Open(new(), one))
        using (var second = LogFile.Open(new(), other))
        {
            foreach (var number in Enumerable.Range(0, Lines))
            {
                first.CreateLogger("a").LogInformation("line {Number}", number);
                second.CreateLogger("b").LogInformation("line {Number}", number);
            }
        }

        Assert.Equal(2 * Lines, Directory.GetFiles(_folder, "*.log").Sum(file => File.ReadAllLines(file).Length));
    }
}
