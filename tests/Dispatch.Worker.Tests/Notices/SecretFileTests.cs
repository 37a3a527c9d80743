using Dispatch.Routing;
using Dispatch.Worker.Notices;

namespace Dispatch.Worker.Tests.Notices;

public sealed class SecretFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dispatch-secret-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0b110_000_000, true)]
    [InlineData(0b100_000_000, true)]
    [InlineData(0b110_100_000, false)]
    [InlineData(0b110_010_000, false)]
    [InlineData(0b110_000_100, false)]
    public void Read_FileOthersMayReach_IsRefused(int mode, bool isRead)
    {
        var file = Path.Combine(_folder, "secret");
        File.WriteAllText(file, "hemmelig\r\nmore");
        File.SetUnixFileMode(file, (UnixFileMode)mode);

        if (isRead)
        {
            Assert.Equal("hemmelig", SecretFile.Read(file, "Notices:Email:PasswordFile"));
            return;
        }

        var fault = Assert.Throws<DispatchException>(() => SecretFile.Read(file, "Notices:Email:PasswordFile"));
        Assert.Equal(("notices.secret", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.DoesNotContain("hemmelig", fault.ToString(), StringComparison.Ordinal);
    }
}
