using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

public sealed class JobFolderTests : IDisposable
{
    readonly IntakeSite _site = new();

    [Fact]
    public async Task CheckAsync_GoodJob_LeavesTheListSealedInTheSpool()
    {
        using var job = await _site.CheckAsync();

        Assert.Equal(["recipient", "reference", "name"], job.List.Columns);
        Assert.Equal(1, job.List.Rows);
        Assert.Equal([job.ListPath], _site.SpooledFiles);
        Assert.StartsWith(
            Convert.ToHexStringLower(job.ContentSha256), Path.GetFileName(job.ListPath), StringComparison.Ordinal);
        Assert.Equal(-1, File.ReadAllBytes(job.ListPath).AsSpan().IndexOf(Encoding.ASCII.GetBytes(IntakeSite.Cpr)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(job.ListPath));
    }

    [Fact]
    public async Task Dispose_NotAccepted_LeavesNothingBehind()
    {
        (await _site.CheckAsync()).Dispose();

        Assert.Empty(_site.SpooledFiles);
    }

    [Fact]
    public async Task CheckAsync_Fault_LeavesNothingBehind()
    {
        _site.Write("recipients.csv", $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;A\"\n");

        await Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync());

        Assert.Empty(_site.SpooledFiles);
    }

    /// <summary>What cannot be laid out is refused before it is accepted, not found when it is to be sent.</summary>
    [Fact]
    public async Task CheckAsync_LetterThatCannotBeLaidOut_IsRefused()
    {
        _site.Write("letter.md", "# Brev\n\nKære {{name}} \u05D0\n");
        var fault = await Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync());
        Assert.Equal(("template.unsupported", ExitCode.Refused), (fault.Code, fault.Exit));
        Assert.EndsWith("('letter.md' line 3)", fault.Message, StringComparison.Ordinal);

        _site.Write("letter.md", "# Brev\n");
        var line = new string('R', 80);
        _site.Write("job.json", IntakeSite.OrderJson("job-1").Replace("Prøvestyrelsen", line, StringComparison.Ordinal)
            .Replace("\"Prøvevej 1\"", $"\"{line}\", \"{line}\", \"{line}\"", StringComparison.Ordinal));
        Assert.Equal("job.value", (await Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync())).Code);
        Assert.Empty(_site.SpooledFiles);
    }

    [Theory]
    [InlineData("file.too_large", 60, 100, 1_024, 10)]
    [InlineData("file.too_many_rows", 10_000, 2, 1_024, 10)]
    [InlineData("line.too_long", 10_000, 100, 27, 10)]
    [InlineData("header.too_wide", 10_000, 100, 1_024, 2)]
    public async Task CheckAsync_OverALimit_IsRefused(
        string code, int bytesMax, int rowsMax, int recordBytesMax, int columnsMax)
    {
        var row = $"{IntakeSite.Cpr};1;Anna\n";
        _site.Write("recipients.csv", $"{IntakeSite.Header}\n{row}{row}{IntakeSite.Cpr};1;Anna den store\n");
        var exact = new FileInfo(Path.Combine(_site.Job, "recipients.csv")).Length;
        using (await _site.CheckAsync(new() { ListBytesMax = exact, RowsMax = 3, RecordBytesMax = 40, ColumnsMax = 3 }))
        {
            var limits = new IntakeLimits
            {
                ListBytesMax = bytesMax,
                RowsMax = rowsMax,
                RecordBytesMax = recordBytesMax,
                ColumnsMax = columnsMax,
            };
            Assert.Equal(code, (await Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync(limits))).Code);
        }
    }

    [Fact]
    public async Task CheckAsync_DeclaredHash_MustBeThatOfTheFile()
    {
        var sha256 = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(_site.Job, "recipients.csv"))));
        _site.Write("job.json", IntakeSite.OrderJson("job-1", $", \"sha256\": \"{sha256}\""));
        (await _site.CheckAsync()).Dispose();

        _site.Write("recipients.csv", $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;Anne\n");
        Assert.Equal(
            "file.hash_mismatch", (await Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync())).Code);
    }

    // Opened first, written to afterwards: as long as before, longer, shorter.
    [Theory]
    [InlineData("Anne\n")]
    [InlineData("Anna\nx;2;Bo\n")]
    [InlineData("A\n")]
    public async Task RunAsync_FileWrittenToMeanwhile_IsUnstable(string end)
    {
        var path = Path.Combine(_site.Job, "recipients.csv");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        using var folder = PlainFolder.Open(_site.Job, followsLink: false);
        using var file = folder.OpenFile("recipients.csv");
        using var key = _site.Keys.CreateJobKey();
        using var spool = SealedListFile.Create(_site.ListFolder, key);
        File.WriteAllText(path, $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;{end}");

        var fault = await Assert.ThrowsAsync<DispatchException>(() => ListCheck.RunAsync(
            file, new("recipients.csv"), new(), _ => { }, spool, null, CancellationToken.None));

        Assert.Equal("file.unstable", fault.Code);
    }

    [Fact]
    public async Task HashAsync_SameFolder_GivesTheCheckedJobsHash()
    {
        using var job = await _site.CheckAsync();
        using var folder = JobFolder.Open(_site.Job, new());

        Assert.Equal(job.ContentSha256, await folder.HashAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("job.json")]
    [InlineData("letter.md")]
    [InlineData("recipients.csv")]
    public async Task HashAsync_AnyByteChanged_GivesAnotherHash(string file)
    {
        using var before = JobFolder.Open(_site.Job, new());
        var hash = await before.HashAsync(CancellationToken.None);
        File.AppendAllText(Path.Combine(_site.Job, file), "\n");
        using var after = JobFolder.Open(_site.Job, new());

        Assert.NotEqual(hash, await after.HashAsync(CancellationToken.None));
    }

    [Fact]
    public void Of_BytesMovedFromFileToFile_GivesAnotherHash()
    {
        byte[] a = SHA256.HashData("a"u8), b = SHA256.HashData("b"u8);
        var hash = ContentHash.Of([("x", 1, a), ("y", 1, b)]);

        Assert.Equal(hash, ContentHash.Of([("y", 1, b), ("x", 1, a)]));
        Assert.NotEqual(hash, ContentHash.Of([("x", 1, b), ("y", 1, a)]));
        Assert.NotEqual(hash, ContentHash.Of([("xy", 1, a), ("", 1, b)]));
    }

    [Fact]
    public void Open_NoFolder_IsJobMissing() => Assert.Equal(
        "job.missing",
        Assert.Throws<DispatchException>(() => JobFolder.Open(Path.Combine(_site.Root, "none"), new())).Code);

    [Fact]
    public void Open_NoOrder_IsJobMissing()
    {
        File.Delete(Path.Combine(_site.Job, "job.json"));

        Assert.Equal("job.missing", Assert.Throws<DispatchException>(() => JobFolder.Open(_site.Job, new())).Code);
    }

    [Fact]
    public async Task CheckAsync_AssetsFolderIsALink_IsRefused()
    {
        _site.Write("letter.md", "# Brev\n\n![x](assets/a.png)\n");
        Directory.CreateSymbolicLink(Path.Combine(_site.Job, "assets"), _site.Root);

        Assert.Equal("file.not_regular", (await Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync())).Code);
    }

    public void Dispose() => _site.Dispose();
}
