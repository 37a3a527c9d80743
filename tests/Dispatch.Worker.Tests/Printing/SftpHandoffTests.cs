using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Printing;

namespace Dispatch.Worker.Tests.Printing;

/// <summary>
/// Batches on their way to a real SFTP server that is cut off, changed, filled with others' files, or quick.
/// </summary>
public sealed class SftpHandoffTests : IAsyncLifetime
{
    const int Rows = 40;
    const int BatchPiecesMax = 30;

    SftpServer _server = null!;
    PrintWorld _world = null!;

    public async Task InitializeAsync()
    {
        _server = await SftpServer.StartAsync();
        _world = await PrintWorld.CreateAsync(Rows, BatchPiecesMax);
        _world.Settings = _world.Settings with { Printing = _world.Settings.Printing with { Sftp = _server.Settings } };
        await _world.AddPiecesAsync(Enumerable.Range(1, Rows));
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_WholeServer_GetsEveryFileAsRecordedAndTheTicketLast()
    {
        var result = await _world.RunAsync();

        var names = PrintWorld.Names(_server.Folder);
        Assert.Equal(result.Batches * 3, names.Length);
        Assert.Equal(result.Batches * 3, Uploads());
        Assert.DoesNotContain(names, name => name.EndsWith(".part", StringComparison.Ordinal));
        Assert.Empty(PrintWorld.Names(_world.Outbox));
        Assert.Empty(PrintWorld.Names(_world.Staging));
        Assert.Equal(result.Batches, await CountAsync("handed_off"));
        foreach (var name in names.Where(name => name.EndsWith(".pdf", StringComparison.Ordinal)))
        {
            var digest = FileDigest.OfFile(Path.Combine(_server.Folder, name));
            Assert.Equal(Convert.ToHexStringLower(digest.Sha256.Span), await _world.Database.QueryAsync<string>(
                $"select sha256 from ops.print_batches where name = '{Path.GetFileNameWithoutExtension(name)}'"));
            var batch = name[..^".pdf".Length];
            Assert.True(Moved(batch + ".ticket.json") > Moved(batch + ".manifest.csv"));
            Assert.True(Moved(batch + ".manifest.csv") > Moved(name));
            Assert.True(Moved(name) > 0);
        }

        // Where the rename stands in the server's log.
        int Moved(string name) =>
            _server.Log.IndexOf($"rename old \"{_server.Folder}/{name}.part\"", StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_StoppedBetweenRenameAndRecord_SendsNothingAgain()
    {
        var result = await _world.RunAsync();
        var before = Times();
        var sent = Uploads();
        await ForgetHandoffAsync();

        await _world.RunAsync();

        Assert.Equal(before, Times());
        Assert.Equal(sent, Uploads());
        Assert.Equal(result.Batches, await CountAsync("handed_off"));
    }

    [Fact]
    public async Task RunAsync_StoppedThereAndAllIsTaken_SendsNothingAgain()
    {
        var result = await _world.RunAsync();
        var sent = Uploads();
        Array.ForEach(Directory.GetFiles(_server.Folder), File.Delete);
        await ForgetHandoffAsync();

        await _world.RunAsync();

        Assert.Empty(PrintWorld.Names(_server.Folder));
        Assert.Equal(sent, Uploads());
        Assert.Equal(result.Batches, await CountAsync("handed_off"));
    }

    [Fact]
    public async Task RunAsync_StoppedBeforeTheTicketsRename_OnlyRenames()
    {
        await _world.RunAsync();
        var sent = Uploads();
        foreach (var ticket in Directory.GetFiles(_server.Folder, "*.ticket.json"))
        {
            File.Move(ticket, ticket + ".part");
        }

        await ForgetHandoffAsync();
        var result = await _world.RunAsync();

        Assert.Equal(sent, Uploads());
        Assert.Equal(result.Batches, Directory.GetFiles(_server.Folder, "*.ticket.json").Length);
        Assert.Empty(Directory.GetFiles(_server.Folder, "*.part"));
    }

    [Fact]
    public async Task RunAsync_StoppedWhileSending_FinishesWithTheSameFiles()
    {
        await _world.RunAsync();
        var whole = Hashes();
        Array.ForEach(Directory.GetFiles(_server.Folder, "*.ticket.json"), File.Delete);
        Array.ForEach(Directory.GetFiles(_server.Folder, "*.manifest.csv"), File.Delete);
        await File.WriteAllTextAsync(
            Directory.GetFiles(_server.Folder, "*.pdf")[0]
                .Replace(".pdf", ".manifest.csv.part", StringComparison.Ordinal),
            "half of");
        await ForgetHandoffAsync("ticket_ready_at = null");

        await _world.RunAsync();

        Assert.Equal(whole, Hashes());
    }

    [Fact]
    public async Task RunAsync_AnotherHostKey_IsRefusedAndNothingIsSent()
    {
        await _server.ChangeHostKeyAsync();

        var fault = await Assert.ThrowsAsync<DispatchException>(_world.RunAsync);

        Assert.Equal(("sftp.host_key", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.Empty(PrintWorld.Names(_server.Folder));
        Assert.Equal(0, Uploads());
        Assert.DoesNotContain("Accepted publickey", _server.Log, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("handed_off"));

        await _server.PinAsync("host");
        var result = await _world.RunAsync();
        Assert.Equal(result.Batches, await CountAsync("handed_off"));
    }

    [Fact]
    public async Task RunAsync_KeyNoLongerTaken_WaitsForAPersonAndGoesOnAfter()
    {
        _server.Authorize(null);

        var fault = await Assert.ThrowsAsync<DispatchException>(_world.RunAsync);

        Assert.Equal(("sftp.login", ExitCode.Configuration), (fault.Code, fault.Exit));
        _server.Authorize("client");
        var result = await _world.RunAsync();
        Assert.Equal(result.Batches, await CountAsync("handed_off"));
    }

    [Fact]
    public async Task RunAsync_ServerGone_PassesAndLeavesTheBatches()
    {
        Change(settings => settings with { Port = 1 });

        var fault = await Assert.ThrowsAsync<DispatchException>(_world.RunAsync);

        Assert.Equal(("sftp.failed", ExitCode.TryAgain), (fault.Code, fault.Exit));
        Assert.True(fault.IsTransient);
        Assert.True(await CountAsync("composed") > 0);
        Change(_ => _server.Settings);
        var result = await _world.RunAsync();
        Assert.Equal(result.Batches, await CountAsync("handed_off"));
    }

    [Fact]
    public async Task RunAsync_NoSuchFolder_WaitsForAPerson()
    {
        Change(settings => settings with { Folder = "/no/such/folder" });

        var fault = await Assert.ThrowsAsync<DispatchException>(_world.RunAsync);

        Assert.Equal(("sftp.denied", ExitCode.Configuration), (fault.Code, fault.Exit));
    }

    [Theory]
    [InlineData(".pdf")]
    public async Task RunAsync_OtherFileThere_IsLeftAloneAndTheOtherBatchesGoOn(string kind)
    {
        await _world.RunAsync();
        var name = PrintWorld.Names(_server.Folder).First(name => name.EndsWith(kind, StringComparison.Ordinal));
        Array.ForEach(Directory.GetFiles(_server.Folder), File.Delete);
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, name), "not ours");
        await ForgetHandoffAsync("ticket_ready_at = null, handoff_started_at = null, handoff_target = null");
        _world.ForgetJournal();

        var fault = await Assert.ThrowsAsync<DispatchException>(_world.RunAsync);

        Assert.Equal(("handoff.conflict", ExitCode.Failed), (fault.Code, fault.Exit));
        Assert.Equal("not ours", await File.ReadAllTextAsync(Path.Combine(_server.Folder, name)));
        Assert.Equal(1, await CountAsync("composed"));
        Assert.True(await CountAsync("handed_off") > 0);
    }

    [Fact]
    public async Task RunAsync_BegunByFolder_StaysInTheFolder()
    {
        Change(_ => new());
        await _world.RunAsync();
        await ForgetHandoffAsync();
        Change(_ => _server.Settings);

        var result = await _world.RunAsync();

        Assert.Empty(PrintWorld.Names(_server.Folder));
        Assert.Equal(result.Batches * 3, PrintWorld.Names(_world.Outbox).Length);
        Assert.Equal(result.Batches, await CountAsync("handed_off"));
    }

    [Fact]
    public async Task RunAsync_BegunToAnotherServer_WaitsForAPerson()
    {
        await _world.RunAsync();
        await ForgetHandoffAsync();
        Change(settings => settings with { Folder = "/tmp" });

        Assert.Equal("sftp.target_changed", (await Assert.ThrowsAsync<DispatchException>(_world.RunAsync)).Code);
        Change(_ => new());
        Assert.Equal("sftp.not_configured", (await Assert.ThrowsAsync<DispatchException>(_world.RunAsync)).Code);
        Assert.Equal(0, await CountAsync("handed_off"));
    }

    [Fact]
    public async Task KeepsWhatIsThereAsync_OpenSshServer_OverwritesNothingAndIsLeftClean()
    {
        Directory.CreateDirectory(_world.Staging);
        var client = new SftpClient(SftpRound.TargetOf(_server.Settings), _world.Staging);

        Assert.True(await client.KeepsWhatIsThereAsync(CancellationToken.None));
        Assert.Empty(PrintWorld.Names(_server.Folder));
        Assert.Empty(PrintWorld.Names(_world.Staging));

        var other = new SftpClient(
            SftpRound.TargetOf(_server.Settings with { Folder = "/no/such/folder" }), _world.Staging);
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => other.KeepsWhatIsThereAsync(CancellationToken.None));
        Assert.Equal("sftp.denied", fault.Code);
    }

    void Change(Func<SftpSettings, SftpSettings> change) => _world.Settings = _world.Settings with
    {
        Printing = _world.Settings.Printing with { Sftp = change(_world.Settings.Printing.Sftp) },
    };

    Task ForgetHandoffAsync(string also = "") => _world.Database.ExecuteAsync(
        "update dispatch.batches set state = 'composed', handed_off_at = null" + (also.Length > 0 ? ", " + also : ""));

    Task<long> CountAsync(string state) =>
        _world.Database.QueryAsync<long>($"select count(*) from ops.print_batches where state = '{state}'");

    Dictionary<string, DateTime> Times() => PrintWorld.Names(_server.Folder)
        .ToDictionary(name => name, name => File.GetLastWriteTimeUtc(Path.Combine(_server.Folder, name)));

    Dictionary<string, string> Hashes() => PrintWorld.Names(_server.Folder).ToDictionary(
        name => name, name => Convert.ToHexString(FileDigest.OfFile(Path.Combine(_server.Folder, name)).Sha256.Span));

    /// <summary>Files the server has been sent, by its own log.</summary>
    int Uploads() => _server.Log.Split("flags WRITE").Length - 1;
}
