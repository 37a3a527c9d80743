namespace Dispatch.System.Tests.Faults;

/// <summary>A program whose system calls are meddled with. The tracer steps aside: the process started is the program
/// itself, and so are its signals and its end.</summary>
static class Strace
{
    /// <summary>Calls that make a file last: a kill at any of them must leave it whole or not there.</summary>
    public const string Lasting = "fsync,fdatasync,rename,renameat,renameat2,unlink";

    /// <param name="calls">With commas between.</param>
    /// <param name="fault">What happens to them, as <c>error=EIO:when=3</c>; counted thread by thread.</param>
    public static string[] Under(string calls, string fault) =>
        [
            "strace", "-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null",
            "-e", $"trace={calls}", "-e", $"inject={calls}:{fault}",
        ];

    /// <summary>Only writes down what the program calls.</summary>
    public static string[] Writing(string file, string calls) =>
        ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "0", "-o", file, "-e", $"trace={calls}"];
}
