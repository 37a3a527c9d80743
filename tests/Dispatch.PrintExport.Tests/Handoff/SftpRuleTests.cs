using Dispatch.PrintExport.Handoff;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Handoff;

public sealed class SftpRuleTests
{
    static readonly SftpTarget Target = new(
        "sftp.example", 22, "dispatch", "in", "/keys/client", "/keys/known_hosts", TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(false, false, false, SftpStep.Send)]
    [InlineData(false, false, true, SftpStep.Send)]
    [InlineData(false, true, false, SftpStep.Conflict)]
    [InlineData(false, true, true, SftpStep.Conflict)]
    [InlineData(true, false, false, SftpStep.Record)]
    [InlineData(true, false, true, SftpStep.PublishTicket)]
    [InlineData(true, true, false, SftpStep.CompareTicket)]
    [InlineData(true, true, true, SftpStep.CompareTicket)]
    public void Next_EverySituation_HasOneStep(bool isReady, bool hasTicket, bool hasPart, SftpStep step) =>
        Assert.Equal(step, SftpRule.Next(new(isReady, hasTicket, hasPart)));

    [Theory]
    [InlineData("Host key verification failed.\nConnection closed", "sftp.host_key", ExitCode.Configuration)]
    [InlineData("dispatch@sftp.example: Permission denied (publickey).", "sftp.login", ExitCode.Configuration)]
    [InlineData("Load key \"/keys/client\": error in libcrypto", "sftp.login", ExitCode.Configuration)]
    [InlineData("dest open \"/in/a.pdf.part\": Permission denied", "sftp.denied", ExitCode.Configuration)]
    [InlineData("stat remote: No such file or directory", "sftp.denied", ExitCode.Configuration)]
    [InlineData("ssh: connect to host sftp.example port 22: Connection refused", "sftp.failed", ExitCode.TryAgain)]
    [InlineData("ssh: connect to host sftp.example port 22: Connection timed out", "sftp.failed", ExitCode.TryAgain)]
    [InlineData("Connection closed by remote host. 1234567890", "sftp.failed", ExitCode.TryAgain)]
    [InlineData("write remote \"/in/a.pdf.part\": Failure", "sftp.failed", ExitCode.TryAgain)]
    [InlineData("", "sftp.failed", ExitCode.TryAgain)]
    public void From_WordsOfTheProgram_TellWhetherItPasses(string said, string code, ExitCode exit)
    {
        var fault = SftpFault.From(said, Target);

        Assert.Equal((code, exit), (fault.Code, fault.Exit));
        Assert.DoesNotContain("1234567890", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
