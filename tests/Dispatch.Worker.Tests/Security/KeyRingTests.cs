using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Security;

public sealed class KeyRingTests : IDisposable
{
    readonly KeyFolder _folder = new();

    [Fact]
    public async Task OpenAsync_NoFileWhileNothingIsWrapped_MakesOneForItsOwnerOnly()
    {
        var ring = await _folder.OpenAsync(mayCreate: true);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File));
        Assert.Equal(ring.FirstKeyId, (await _folder.OpenAsync()).FirstKeyId);
        Assert.Equal(["kek"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task OpenAsync_NoFileThoughKeysAreWrapped_IsRefused()
    {
        await ExpectAsync("key.missing", () => _folder.OpenAsync());
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    public async Task OpenAsync_FileThatHoldsNoKey_IsRefused(string text)
    {
        _folder.Put("kek", text);

        await ExpectAsync("key.invalid", () => _folder.OpenAsync());
    }

    [Theory]
    [InlineData("kek")]
    [InlineData("kek.next")]
    public async Task OpenAsync_LinkInTheDataFolder_IsRefused(string name)
    {
        var data = DataFolder.Open(new() { DataFolder = Path.Combine(_folder.Root, "data") });
        var own = KeySource.From(new(), data);
        await KeyRing.OpenAsync(own, mayCreate: true, default);
        _folder.Put("elsewhere");
        File.Delete(Path.Combine(data.Keys, name));
        File.CreateSymbolicLink(Path.Combine(data.Keys, name), Path.Combine(_folder.Root, "elsewhere"));

        await ExpectAsync("key.invalid", () => KeyRing.OpenAsync(own, mayCreate: true, default));

        // What a setting names may be one.
        var named = KeySource.From(new() { KeyFile = Path.Combine(data.Keys, name) }, data);
        await KeyRing.OpenAsync(named, mayCreate: false, default);
    }

    [Theory]
    [InlineData("kek")]
    [InlineData("kek.next")]
    public async Task OpenAsync_FileOthersMayRead_IsRefused(string name)
    {
        _folder.Put("kek");
        _folder.Put(name);
        File.SetUnixFileMode(Path.Combine(_folder.Root, name), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        await ExpectAsync("key.mode", () => _folder.OpenAsync());
    }

    [Fact]
    public async Task UnwrapAsync_KeyKeptBeside_OpensWhatItWrapped()
    {
        var old = _folder.Put("kek");
        using var wrapped = (await _folder.OpenAsync()).CreateJobKey();
        File.Move(_folder.File, $"{_folder.File}.{old}");
        _folder.Put("kek");

        using var opened = await (await _folder.OpenAsync()).UnwrapAsync(wrapped.Wrapped, wrapped.KeyId, default);

        AssertSame(wrapped, opened);
    }

    [Fact]
    public async Task UnwrapAsync_KeyThatCameAfterTheStart_IsFound()
    {
        _folder.Put("kek");
        var early = await _folder.OpenAsync();
        _folder.Put("kek.next");
        var late = await _folder.OpenAsync();
        using var wrapped = late.CreateJobKey();
        await late.RewrapAsync(wrapped, KeyFile.Prepare(_folder.File, followsLink: true).KeyId, default);

        using var opened = await early.UnwrapAsync(wrapped.Wrapped, wrapped.KeyId, default);

        AssertSame(wrapped, opened);
    }

    [Fact]
    public async Task UnwrapAsync_OtherKeyOrChangedBytes_IsRefused()
    {
        _folder.Put("kek");
        var ring = await _folder.OpenAsync();
        using var wrapped = ring.CreateJobKey();
        await ExpectAsync("key.wrong", () => ring.UnwrapAsync(wrapped.Wrapped, "0123456789abcdef", default));
        for (var at = 0; at < wrapped.Wrapped.Length; at += 7)
        {
            var spoilt = wrapped.Wrapped.ToArray();
            spoilt[at] ^= 1;
            await ExpectAsync("key.wrong", () => ring.UnwrapAsync(spoilt, wrapped.KeyId, default));
        }

        await ExpectAsync("key.wrong", () => ring.UnwrapAsync(wrapped.Wrapped[..^1], wrapped.KeyId, default));
    }

    public void Dispose() => _folder.Dispose();

    internal static void AssertSame(JobKey one, JobKey other)
    {
        var (plain, seal) = ("a chunk"u8.ToArray(), new byte[7 + LetterSeal.TagBytes]);
        var opened = new byte[7];
        one.SealListChunk(3, plain, seal);
        other.OpenListChunk(3, seal, opened);
        Assert.Equal(plain, opened);
    }

    static async Task ExpectAsync(string code, Func<Task> act)
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(act);
        Assert.Equal((code, ExitCode.Configuration), (fault.Code, fault.Exit));
    }
}
