using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Security;

public sealed class KeyCommandTests : IDisposable
{
    const string Secret = "hunter2-canary";

    readonly KeyFolder _folder = new();

    [Fact]
    public async Task ReadAsync_TwoKeys_GivesThemInOrder()
    {
        var (first, second) = (KeyEncryptionKey.NewText(), KeyEncryptionKey.NewText());

        var keys = await ReadAsync(_folder.Script($"echo {first}; echo {second}; echo {Secret} >&2"));

        Assert.Equal(
            [KeyEncryptionKey.Parse(first)!.KeyId, KeyEncryptionKey.Parse(second)!.KeyId],
            keys.Select(key => key.KeyId));
    }

    [Fact]
    public async Task ReadAsync_Arguments_ReachTheProgramUnchangedByAnyShell()
    {
        var key = KeyEncryptionKey.NewText();

        var keys = await ReadAsync(
            _folder.Script($"[ \"$1\" = '$(x) `y` *' ] && [ $# = 1 ] && echo {key}"), "$(x) `y` *");

        Assert.Single(keys);
    }

    [Fact]
    public async Task ReadAsync_OwnEnvironment_IsNotHandedOn()
    {
        Environment.SetEnvironmentVariable("DISPATCH_KEYCOMMANDTEST", Secret);

        var keys = await ReadAsync(
            _folder.Script($"[ -z \"$DISPATCH_KEYCOMMANDTEST\" ] && echo {KeyEncryptionKey.NewText()}"));

        Assert.Single(keys);
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("echo hunter2-canary >&2; exit 1", "exit code 1")]
    [InlineData("true", "0 lines")]
    [InlineData("echo hunter2-canary", "1 lines, 0 of them keys")]
    [InlineData("head -c 100000 /dev/zero", "more than")]
    [InlineData("head -c 10000000 /dev/zero >&2; exit 4", "exit code 4")]
    [InlineData("exec tail -f /dev/null", "did not end within 1 s")]
    public async Task ReadAsync_CommandThatGivesNoKey_IsRefusedWithoutItsWords(string lines, string found)
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(() => ReadAsync(_folder.Script(lines), Secret));

        Assert.Equal(("key.command", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_ProgramThatIsNot_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(() => ReadAsync("/nowhere/vault"));

        Assert.Equal("key.command", fault.Code);
    }

    [Fact]
    public void From_FileAndCommand_IsRefused()
    {
        var settings = new SecuritySettings { KeyFile = "/k", KeyCommand = ["/bin/true"] };
        var data = DataFolder.Open(new() { DataFolder = _folder.Root });

        Assert.Equal("settings.invalid", Assert.Throws<DispatchException>(() => KeySource.From(settings, data)).Code);
    }

    public void Dispose() => _folder.Dispose();

    static Task<IReadOnlyList<KeyEncryptionKey>> ReadAsync(params string[] command) =>
        new KeyCommand(command, TimeSpan.FromSeconds(1)).ReadAsync(CancellationToken.None);
}
