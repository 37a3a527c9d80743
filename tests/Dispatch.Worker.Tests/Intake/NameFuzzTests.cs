using System.Text.Json;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>Names a sender could put into an order or a letter: what is read is a file of the folder, of just that
/// name, or nothing.</summary>
public sealed class NameFuzzTests : IDisposable
{
    const int Names = 10_000;
    const int PartsMax = 6;
    const string Order = "job.json";
    const string List = "recipients.csv";
    const string Letter = "letter.md";

    readonly IntakeSite _site = new();

    public NameFuzzTests()
    {
        File.WriteAllText(Path.Combine(_site.Root, "secret.csv"), $"{IntakeSite.Header}\n");
        var assets = Directory.CreateDirectory(Path.Combine(_site.Job, "assets")).FullName;
        foreach (var folder in new[] { _site.Job, assets })
        {
            File.CreateSymbolicLink(Path.Combine(folder, "link"), Path.Combine(_site.Root, "secret.csv"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "above"), _site.Root);
        }
    }

    [Fact]
    public Task Read_FileOfAnyName_IsThatOfTheFolderOrNothing() => ReadAllAsync(Names / 100);

    [Fact]
    [Trait("Length", "long")]
    public Task Read_FileOfTenThousandNames_IsThatOfTheFolderOrNothing() => ReadAllAsync(Names);

    [Fact]
    public void Parse_PictureOfAnyName_IsNoneFromOutside()
    {
        var random = new Random(27);
        for (var number = 0; number < Names / 30; number++)
        {
            var name = Next(random);
            _site.Write(Letter, $"![a](<{name}>)\n\nHej\n");
            using var folder = PlainFolder.Open(_site.Job, followsLink: false);
            try
            {
                Assert.Empty(LetterSource.Read(folder, Letter, new()).Assets);
            }
            catch (DispatchException fault)
            {
                AssertSafe(fault);
            }
        }
    }

    [Fact]
    public void PathOf_NameFromTheDatabase_StaysInItsFolder()
    {
        var random = new Random(39);
        for (var number = 0; number < Names; number++)
        {
            var name = Next(random);
            try
            {
                var path = SpooledList.PathOf("/spool", name);
                Assert.Equal("/spool/lists", Path.GetDirectoryName(Path.GetFullPath(path)));
            }
            catch (DispatchException fault)
            {
                AssertSafe(fault);
            }
        }
    }

    public void Dispose() => _site.Dispose();

    async Task ReadAllAsync(int names)
    {
        var random = new Random(20);
        var read = 0;
        for (var number = 0; number < names; number++)
        {
            var name = Next(random);
            var isLetter = number % 2 == 0;
            _site.Write(Order, OrderNaming(name, isLetter));
            var code = await ReadAsync(name);
            var isOwn = name is Order || name == (isLetter ? Letter : List);
            Assert.True(code is null == isOwn, $"'{JsonEncodedText.Encode(name)}' gave {code}");
            read += code is null ? 1 : 0;
        }

        Assert.InRange(read, names / 500, names / 20);
    }

    async Task<string?> ReadAsync(string name)
    {
        try
        {
            using var folder = JobFolder.Open(_site.Job, new());
            await folder.HashAsync(default);
            return null;
        }
        catch (DispatchException fault)
        {
            AssertSafe(fault);
            Assert.True(fault.Exit == ExitCode.Refused, $"'{JsonEncodedText.Encode(name)}' ended with {fault.Exit}");
            return fault.Code;
        }
    }

    // One line, whatever the name.
    static void AssertSafe(DispatchException fault) => Assert.DoesNotContain(fault.Message, char.IsControl);

    static string OrderNaming(string name, bool isLetter)
    {
        var order = IntakeSite.OrderJson("job-1");
        return order.Replace(
            $"\"{(isLetter ? Letter : List)}\"", JsonSerializer.Serialize(name), StringComparison.Ordinal);
    }

    string Next(Random random)
    {
        string[] parts =
        [
            "..", ".", "/", "//", "\\", "\0", "\n", "\r", " ", "%2e%2e", "%2f", "..%c0%af", "~", "$HOME", "C:", "|",
            "*", "assets", "link", "above", "secret.csv", List, List, Letter, Letter, Order, _site.Root,
            "/proc/self/cwd",
            "\u2025", "\uFF0F", "\u2215", "\u202E", "\u0065\u0301", "\u00E9", "\uFEFF", "<", ">", new string('a', 300),
        ];
        return string.Concat(
            Enumerable.Range(0, random.Next(1, PartsMax)).Select(_ => parts[random.Next(parts.Length)]));
    }
}
