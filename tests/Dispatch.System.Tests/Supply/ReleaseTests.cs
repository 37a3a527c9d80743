using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Supply;

/// <summary>A release is the same bytes every time, and nobody installs another's.</summary>
public sealed class ReleaseTests : IDisposable
{
    readonly string _folder = TestFolder.Create("release");

    public void Dispose() => TestFolder.Remove(_folder);

    [Fact]
    public async Task Verify_ReleaseThatWasChangedOrSignedByAnother_IsRefused()
    {
        var published = Directory.CreateDirectory(Path.Combine(_folder, "published")).FullName;
        await File.WriteAllTextAsync(Path.Combine(published, "dispatch"), "#!/bin/sh\n");
        await File.WriteAllTextAsync(Path.Combine(published, "sbom.cdx.json"), "{}");
        File.SetUnixFileMode(Path.Combine(published, "dispatch"), (UnixFileMode)0x1ED); // 0755
        var (ours, theirs) = (await KeyAsync("ours"), await KeyAsync("theirs"));
        var signers = Path.Combine(_folder, "signers");
        await File.WriteAllTextAsync(signers, $"release {await File.ReadAllTextAsync(ours + ".pub")}");

        var (first, second) =
            (await ReleaseAsync(published, ours, "first"), await ReleaseAsync(published, ours, "second"));
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(first, "SHA256SUMS")),
            await File.ReadAllTextAsync(Path.Combine(second, "SHA256SUMS")));
        (await VerifyAsync(first, signers)).Expect(0);

        await File.AppendAllTextAsync(Path.Combine(first, "sbom.cdx.json"), " ");
        (await VerifyAsync(first, signers)).Expect(1);
        await File.AppendAllTextAsync(Path.Combine(second, "SHA256SUMS"), " ");
        (await VerifyAsync(second, signers)).Expect(255);
        (await VerifyAsync(await ReleaseAsync(published, theirs, "forged"), signers)).Expect(255);
    }

    async Task<string> KeyAsync(string name)
    {
        var key = Path.Combine(_folder, name);
        (await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])).Expect(0);
        return key;
    }

    async Task<string> ReleaseAsync(string published, string key, string name)
    {
        var made = Path.Combine(_folder, name);
        (await Command.RunAsync(Script("release.sh"), [published, "1.2.3", key, made])).Expect(0);
        return made;
    }

    static Task<CommandResult> VerifyAsync(string folder, string signers) =>
        Command.RunAsync(Script("verify.sh"), [folder, signers]);

    static string Script(string name) => Path.Combine(TestFolder.Repository, "ops", name);
}
