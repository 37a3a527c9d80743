using Dispatch.Routing;

namespace Dispatch.PrintExport.Handoff;

/// <summary>
/// Tells by what the OpenSSH programs wrote whether a failed session passes by itself or needs a person. Their words
/// are not shown: they come from the server in part.
/// </summary>
public static class SftpFault
{
    public static DispatchException From(string said, SftpTarget target)
    {
        var where = $"'{target.User}@{target.Host}:{target.Port}'";
        if (Has(said, "Host key verification failed") || Has(said, "REMOTE HOST IDENTIFICATION HAS CHANGED"))
        {
            return new(
                "sftp.host_key", $"the server {where} has another host key than the pinned ones, expected one of "
                + $"'{target.KnownHostsFile}'; nothing was sent: ask the print house, by another way, whether it "
                + "changed",
                ExitCode.Configuration);
        }

        if (Has(said, "Permission denied (") || Has(said, "Load key") || Has(said, "Too many authentication failures"))
        {
            return new(
                "sftp.login", $"the server {where} does not take our key, expected it to know that of "
                + $"'{target.KeyFile}'; give the print house our public key, or name the right key file",
                ExitCode.Configuration);
        }

        return Has(said, "Permission denied") || Has(said, "No such file") || Has(said, "not found")
            ? new(
                "sftp.denied", $"the server {where} lets us write nothing in '{target.Folder}', expected a folder of "
                + "our own; let the print house make it or give us the right",
                ExitCode.Configuration)
            : new(
                "sftp.failed", $"the transfer to {where} was not finished (no connection, cut off, too slow or no room "
                + "there), expected the batch's files to get through; the batch stays to be handed off: run the "
                + "command again later",
                ExitCode.TryAgain);
    }

    static bool Has(string said, string words) => said.Contains(words, StringComparison.OrdinalIgnoreCase);
}
