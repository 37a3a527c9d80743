using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Notices;

/// <summary>A password or token an operator laid down in a file.</summary>
static class SecretFile
{
    const int BytesMax = 4_096;
    const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <param name="setting">That names the file, for the operator.</param>
    /// <returns>Its first line; empty when no file is named.</returns>
    /// <exception cref="DispatchException"><c>notices.secret</c>, exit 78.</exception>
    public static string Read(string path, string setting)
    {
        if (path.Length == 0)
        {
            return "";
        }

        try
        {
            return OperatorFile.Read(path, BytesMax) is var (bytes, mode) && (mode & Others) == 0
                && Encoding.UTF8.GetString(bytes).Split('\n')[0].Trim('\r') is { Length: > 0 } secret
                && !secret.Any(char.IsControl)
                    ? secret
                    : throw Fault(setting, null);
        }
        catch (IOException fault)
        {
            throw Fault(setting, fault);
        }
    }

    static DispatchException Fault(string setting, Exception? inner) => new(
        "notices.secret",
        $"the file of {setting} gives no secret; expected one line in a regular file that only its owner may "
        + "read (chmod 600)",
        ExitCode.Configuration, inner);
}
