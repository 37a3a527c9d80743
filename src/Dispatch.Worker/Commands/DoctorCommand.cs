using System.CommandLine;
using Dispatch.Routing;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch doctor</c>: looks at everything a run depends on and says what to do about each
/// finding.</summary>
static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command(
            "doctor", "Check settings, folders, fonts, disk, database, clock, time zone, SFTP and SMTP servers");
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, RunAsync));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandContext context, CancellationToken ct)
    {
        var findings = new List<Finding> { DoctorChecks.Settings(context.Settings) };
        findings.AddRange(DoctorChecks.Folders(context.Folder));
        findings.Add(DoctorChecks.Fonts(context.Settings.Printing.Fonts));
        findings.Add(DoctorChecks.Disk(context.Folder.Root));
        findings.Add(DoctorChecks.TimeZone());
        findings.AddRange(await DoctorChecks.DatabaseAsync(context, ct));
        findings.AddRange(await SftpDoctor.LookAsync(context, ct));
        findings.AddRange(await NoticeDoctor.LookAsync(context.Settings.Notices, context.Time, ct));

        context.Write(findings, all => string.Join('\n', all.Select(f => f.ToString())));
        return findings.Max(f => f.Verdict) switch
        {
            Verdict.Wrong => ExitCode.Configuration,
            Verdict.Unavailable => ExitCode.TryAgain,
            _ => ExitCode.Done,
        };
    }
}
