using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Dispatch.Structure.Tests;

/// <summary>The service runs with as few rights as it can.</summary>
public sealed class ServiceUnitTests
{
    const string Unit = "ops/systemd/dispatch-worker.service";
    const double ExposureMax = 2.0;

    static readonly string[] Needed =
    [
        "UMask=0077", "NoNewPrivileges=true", "ProtectSystem=strict", "ProtectHome=true", "PrivateTmp=true",
        "PrivateDevices=true", "ProtectKernelTunables=true", "ProtectKernelModules=true", "ProtectKernelLogs=true",
        "ProtectProc=invisible", "CapabilityBoundingSet=", "RestrictNamespaces=true",
        "SystemCallFilter=@system-service", "LimitCORE=0", "Environment=DOTNET_EnableDiagnostics=0",
    ];

    [Fact]
    public void Unit_Directives_LockItDown() => Repository.ExpectNone(
        Needed.Except(Repository.Lines(Unit), StringComparer.Ordinal).Select(line => $"{Unit} lacks {line}"));

    /// <summary>Of 10.</summary>
    [SystemdFact]
    public void Unit_ScoredBySystemd_IsWellLockedDown()
    {
        var start = new ProcessStartInfo(
            SystemdFactAttribute.Program,
            ["--no-pager", "security", "--offline=true", Path.Combine(Repository.Root, Unit)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        var score = Regex.Match(said, "exposure level for [^:]+: ([0-9.]+)");
        Assert.True(score.Success, said);
        Assert.InRange(double.Parse(score.Groups[1].Value, CultureInfo.InvariantCulture), 0, ExposureMax);
    }
}
