using System.Diagnostics;

namespace Dispatch.System.Tests.Running;

/// <summary>Runs any program to its end.</summary>
static class Command
{
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(3);

    public static async Task<CommandResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? timeout = null)
    {
        using var running = RunningCommand.Start(program, arguments, environment);
        return await running.EndAsync(timeout ?? DefaultTimeout);
    }

    /// <summary>As the user who owns <paramref name="path"/>: a database server's tools refuse anybody else.</summary>
    public static async Task<CommandResult> RunAsOwnerAsync(string path, string program, params string[] arguments)
    {
        var owner = (await RunAsync("stat", ["-c", "%U", path])).Output.Trim();
        return await RunAsAsync(owner, program, arguments);
    }

    public static Task<CommandResult> RunAsAsync(string user, string program, params string[] arguments) =>
        user == Environment.UserName
            ? RunAsync(program, arguments)
            : RunAsync("runuser", ["-u", user, "--", program, .. arguments]);

    public static ProcessStartInfo Describe(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
