using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Keys;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Tests.Keys;

public sealed class KeyRotationTests : IAsyncLifetime
{
    KeySite _site = null!;
    int _job;
    string _old = "";

    public async Task InitializeAsync()
    {
        _site = await KeySite.CreateAsync();
        _job = (await _site.SubmitAsync()).JobId;
        _old = (await _site.OpenRingAsync()).FirstKeyId;
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task RunAsync_OldKeyFileRemoved_EverythingStillOpens()
    {
        var text = await _site.ReadListAsync(_job);

        var outcome = await _site.RotateAsync();

        Assert.Equal(1, outcome.Jobs);
        var old = Assert.Single(outcome.Old);
        Assert.Equal((_old, $"{_site.KeyFile}.{_old}"), (old.KeyId, old.File));
        File.Delete(old.File!);
        Assert.Equal([Path.GetFileName(_site.KeyFile)], KeyFiles());
        Assert.NotEqual(_old, (await _site.LoadAsync(_job)).KeyId);
        Assert.Equal(text, await _site.ReadListAsync(_job));
        Assert.Equal(text, await _site.ReadListAsync((await _site.SubmitAsync()).JobId));
        Assert.Equal(["key_taken", "keys_rotate", "keys_rotated"], await _site.EventsAsync());
    }

    [Fact]
    public async Task RunAsync_Twice_RotatesTwice()
    {
        await _site.RotateAsync();
        await _site.RotateAsync();

        Assert.Equal(3, KeyFiles().Length);
        Assert.Equal(
            2L, await _site.Database.QueryAsync<long>("select count(*) from dispatch.keys where state = 'retired'"));
        Assert.NotEmpty(await _site.ReadListAsync(_job));
    }

    [Fact]
    public async Task RunAsync_ManyJobs_WrapsThemInBatches()
    {
        await _site.Database.ExecuteAsync($"""
            insert into dispatch.jobs (sender_cvr, reference, content_sha256, sender_name, title, order_json, template_id, state,
                rows, columns, list_sha256, list_bytes, list_file, data_key, key_id, segment)
            select sender_cvr, 'copy-' || n, content_sha256, sender_name, title, order_json, template_id, 'completed', rows, columns,
                list_sha256, list_bytes, 'copy-' || n, data_key, key_id, 0
            from dispatch.jobs, generate_series(1, 1000) n where job_id = {_job}
            """);

        var outcome = await _site.RotateAsync();

        Assert.Equal(1001, outcome.Jobs);
        Assert.Equal(
            0L, await _site.Database.QueryAsync<long>($"select count(*) from dispatch.jobs where key_id = '{_old}'"));
    }

    /// <summary>A kill between the new file and the database: the file is used.</summary>
    [Fact]
    public async Task RunAsync_KilledBeforeTheDatabaseKnew_TakesTheKeyThatIsThere()
    {
        var next = KeyFile.Prepare(_site.KeyFile, followsLink: true).KeyId;
        Assert.NotEmpty(await _site.ReadListAsync(_job));

        Assert.Equal(next, (await _site.RotateAsync()).KeyId);

        Assert.NotEmpty(await _site.ReadListAsync(_job));
    }

    /// <summary>A kill between the database and the file's new name: both keys are usable, and it goes on.</summary>
    [Fact]
    public async Task RunAsync_KilledBeforeTheFileWasRenamed_GoesOn()
    {
        var next = KeyFile.Prepare(_site.KeyFile, followsLink: true).KeyId;
        await BeginInDatabaseAsync(next);
        var newJob = await _site.SubmitAsync();
        Assert.Equal(next, newJob.KeyId);
        Assert.NotEmpty(await _site.ReadListAsync(_job));

        var outcome = await _site.RotateAsync();

        Assert.Equal((next, 1), (outcome.KeyId, outcome.Jobs));
        Assert.Equal([Path.GetFileName(_site.KeyFile), $"{Path.GetFileName(_site.KeyFile)}.{_old}"], KeyFiles());
        File.Delete($"{_site.KeyFile}.{_old}");
        Assert.NotEmpty(await _site.ReadListAsync(_job));
        Assert.NotEmpty(await _site.ReadListAsync(newJob.JobId));
    }

    [Fact]
    public async Task RunAsync_KilledAfterTheFileWasRenamed_GoesOn()
    {
        var next = KeyFile.Prepare(_site.KeyFile, followsLink: true).KeyId;
        await BeginInDatabaseAsync(next);
        KeyFile.Publish(_site.KeyFile, next, followsLink: true);
        Assert.NotEmpty(await _site.ReadListAsync(_job));

        Assert.Equal((next, 1), (await _site.RotateAsync() is var outcome ? outcome.KeyId : "", outcome.Jobs));
    }

    /// <summary>A process that was started before a rotation neither loses its keys nor wraps under the old
    /// one.</summary>
    [Fact]
    public async Task RunAsync_ProcessStartedBefore_ReadsAndSubmitsAsIfNothingHappened()
    {
        var early = await _site.OpenRingAsync();
        var outcome = await _site.RotateAsync();

        var submitted = await _site.SubmitAsync(early);

        Assert.Equal(outcome.KeyId, submitted.KeyId);
        File.Delete($"{_site.KeyFile}.{_old}");
        Assert.NotEmpty(await _site.ReadListAsync(_job, early));
        Assert.NotEmpty(await _site.ReadListAsync(submitted.JobId));
    }

    /// <summary>A submission that was first holds a rotation up; after it, the rotation sees its job.</summary>
    [Fact]
    public async Task RunAsync_SubmissionUnderWay_IsWaitedFor()
    {
        await using var connection = await _site.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        Assert.Equal(_old, await KeyTable.HoldCurrentAsync(connection, CancellationToken.None));

        var rotation = _site.RotateAsync();
        await WaitForLockAsync();
        Assert.False(rotation.IsCompleted);
        await transaction.CommitAsync();

        Assert.Equal(1, (await rotation).Jobs);
        await using var after = await _site.Database.DataSource.OpenConnectionAsync();
        await using var next = await after.BeginTransactionAsync();
        Assert.NotEqual(_old, await KeyTable.HoldCurrentAsync(after, CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_AnotherRotation_IsRefused()
    {
        await using var connection = await _site.Database.DataSource.OpenConnectionAsync();
        await using var held = new NpgsqlCommand("select pg_advisory_lock(x'6b657973'::int, 0)", connection);
        await held.ExecuteNonQueryAsync();

        var fault = await Assert.ThrowsAsync<DispatchException>(() => _site.RotateAsync());

        Assert.Equal(("key.busy", ExitCode.TryAgain), (fault.Code, fault.Exit));
    }

    [Fact]
    public async Task RunAsync_KeyOfACommand_GoesToTheFirstItPrints()
    {
        var old = (await File.ReadAllTextAsync(_site.KeyFile)).Trim();
        var vault = Path.Combine(_site.Data.Root, "printed");
        await File.WriteAllTextAsync(vault, old);
        var settings = new SecuritySettings { KeyCommand = ["/bin/cat", vault] };
        var source = KeySource.From(settings, _site.Data);
        await using var stages = StageProgress.Start(TextWriter.Null, ProgressStyle.None, TimeProvider.System);
        var ring = await KeyTable.OpenRingAsync(_site.Database.DataSource, source, "anna", CancellationToken.None);
        var rotation = new KeyRotation(_site.Database.DataSource, ring, "anna");
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => rotation.RunAsync(stages, CancellationToken.None));
        Assert.Equal("key.same", fault.Code);

        var next = KeyEncryptionKey.NewText();
        await File.WriteAllTextAsync(vault, $"{next}\n{old}\n");
        var outcome = await rotation.RunAsync(stages, CancellationToken.None);
        await File.WriteAllTextAsync(vault, next);

        Assert.Equal(new OldKey(_old, null), Assert.Single(outcome.Old));
        Assert.NotEmpty(await _site.ReadListAsync(
            _job, await KeyTable.OpenRingAsync(_site.Database.DataSource, source, "anna", CancellationToken.None)));
    }

    [Fact]
    public async Task OpenRingAsync_OtherKeyFileThoughJobsAreSealed_IsRefused()
    {
        File.Move(_site.KeyFile, _site.KeyFile + ".away");
        await ExpectAsync("key.missing");
        await File.WriteAllTextAsync(_site.KeyFile, KeyEncryptionKey.NewText());
        File.SetUnixFileMode(_site.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ExpectAsync("key.wrong");
        Assert.Equal(1L, await _site.Database.QueryAsync<long>("select count(*) from dispatch.keys"));
    }

    async Task ExpectAsync(string code)
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(_site.OpenRingAsync);
        Assert.Equal((code, ExitCode.Configuration), (fault.Code, fault.Exit));
    }

    Task BeginInDatabaseAsync(string next) => _site.Database.ExecuteAsync(
        $"update dispatch.keys set state = 'retiring'; insert into dispatch.keys (key_id, state) values ('{next}', 'current')");

    async Task WaitForLockAsync()
    {
        while (!await _site.Database.QueryAsync<bool>("select exists (select from pg_locks where not granted)"))
        {
            await Task.Yield();
        }
    }

    string[] KeyFiles() =>
        [.. Directory.GetFiles(Path.GetDirectoryName(_site.KeyFile)!, "kek*").Select(Path.GetFileName).Order()!];
}
