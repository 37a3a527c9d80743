using System.Diagnostics;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Diagnostics;

public sealed class OperatorFileTests : IDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string _folder = Directory.CreateTempSubdirectory("dispatch-operator-").FullName;

    public static TheoryData<string> NoFiles => ["pipe", "device", "folder", "large"];

    [Fact]
    public void Read_LinkToAFile_IsFollowed()
    {
        var target = Path.Combine(_folder, "target");
        File.WriteAllText(target, "content");
        File.SetUnixFileMode(target, OwnerOnly);
        File.CreateSymbolicLink(PathOf("link"), target);

        var (bytes, mode) = OperatorFile.Read(PathOf("link"), 100)!.Value;

        Assert.Equal(("content", OwnerOnly), (Encoding.UTF8.GetString(bytes), mode));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("none/below")]
    public void Read_NoFile_IsNull(string name) => Assert.Null(OperatorFile.Read(PathOf(name), 100));

    /// <summary>At once: a pipe is not waited for, a device not read to its end.</summary>
    [Theory]
    [MemberData(nameof(NoFiles))]
    public void Read_WhatIsNoSmallFile_IsRefused(string kind)
    {
        Lay(kind, PathOf("file"));

        Assert.Throws<IOException>(() => OperatorFile.Read(PathOf("file"), 100));
    }

    [Theory]
    [MemberData(nameof(NoFiles))]
    public void SettingsReader_WhatIsNoSmallFile_IsAFault(string kind)
    {
        Lay(kind, PathOf("dispatch.json"));

        var fault = Assert.Throws<DispatchException>(
            () => SettingsReader.Read(_folder, _folder, new Dictionary<string, string>(), []));

        Assert.Equal(("settings.invalid", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.Contains("dispatch.json", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("device")]
    [InlineData("large")]
    public void KeyFile_WhatIsNoSmallFile_IsRefused(string kind)
    {
        Lay(kind, PathOf("kek"));

        var fault = Assert.Throws<DispatchException>(
            () => KeyFile.ReadAll(PathOf("kek"), mayCreate: false, followsLink: true));

        Assert.Equal(("key.invalid", ExitCode.Configuration), (fault.Code, fault.Exit));
    }

    [Fact]
    public void Create_LinkInItsPlace_WritesNothingThroughIt()
    {
        File.WriteAllText(PathOf("precious"), "kept");
        File.CreateSymbolicLink(PathOf("out"), PathOf("precious"));

        using (var file = OperatorFile.Create(PathOf("out")))
        {
            file.Write("letter"u8);
        }

        Assert.Equal("kept", File.ReadAllText(PathOf("precious")));
        Assert.Null(File.ResolveLinkTarget(PathOf("out"), returnFinalTarget: false));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(PathOf("out")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string PathOf(string name) => Path.Combine(_folder, name);

    static void Lay(string kind, string path)
    {
        switch (kind)
        {
            case "pipe":
                using (var made = Process.Start("mkfifo", ["-m", "600", path]))
                {
                    made.WaitForExit();
                }

                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            default:
                File.WriteAllBytes(path, new byte[2 << 20]);
                File.SetUnixFileMode(path, OwnerOnly);
                break;
        }
    }
}
