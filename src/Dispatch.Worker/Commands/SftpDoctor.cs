using Dispatch.PrintExport.Handoff;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Printing;

namespace Dispatch.Worker.Commands;

/// <summary>Tries every print house's SFTP server as a hand-off would, with a file of no bytes that goes
/// again.</summary>
static class SftpDoctor
{
    public static async Task<IReadOnlyList<Finding>> LookAsync(CommandContext context, CancellationToken ct)
    {
        var printing = context.Settings.Printing;
        var findings = new List<Finding>();
        foreach (
            var name in printing.PrintHouses.Keys.Append(printing.PrintHouse).Distinct().Order(StringComparer.Ordinal))
        {
            if (printing.House(name).Sftp is { Host.Length: > 0 } settings)
            {
                findings.Add(await TryAsync(name, settings, context.Folder.Spool, ct));
            }
        }

        return findings;
    }

    static async Task<Finding> TryAsync(string name, SftpSettings settings, string spool, CancellationToken ct)
    {
        var check = $"print house '{name}'";
        try
        {
            var target = SftpRound.TargetOf(settings);
            return await new SftpClient(target, spool).KeepsWhatIsThereAsync(ct)
                ? new(check, Verdict.Good, $"'{SftpRound.NameOf(target)}' takes files and overwrites none")
                : new(
                    check, Verdict.Wrong, $"'{SftpRound.NameOf(target)}' lets a rename overwrite another file",
                    "let the print house use a server that refuses that, as OpenSSH's does");
        }
        catch (DispatchException fault)
        {
            return new(check, fault.IsTransient ? Verdict.Unavailable : Verdict.Wrong, fault.Code, fault.Message);
        }
    }
}
