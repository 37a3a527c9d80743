using Dispatch.Worker.Commands;

namespace Dispatch.Worker.Tests.Commands;

public sealed class DoctorChecksTests
{
    [Fact]
    public void Clock_FarFromTheDatabases_IsDoubtful()
    {
        var far = DoctorChecks.Clock(TimeSpan.FromSeconds(5.1));

        Assert.Equal(("clock", Verdict.Doubtful), (far.Check, far.Verdict));
        Assert.Contains("5.1 s from the database's", far.ToString(), StringComparison.Ordinal);
        Assert.Equal(Verdict.Good, DoctorChecks.Clock(TimeSpan.FromSeconds(5)).Verdict);
    }

    [Fact]
    public void Log_SettingsThatTell_AreNamedWithTheRemedy()
    {
        var telling = DoctorChecks.Log(["log_error_verbosity is default"]);

        Assert.Equal(Verdict.Doubtful, telling.Verdict);
        Assert.Contains("log_error_verbosity is default", telling.ToString(), StringComparison.Ordinal);
        Assert.Contains("alter database", telling.ToString(), StringComparison.Ordinal);
        Assert.Equal(Verdict.Good, DoctorChecks.Log([]).Verdict);
    }
}
