using System.Globalization;

namespace Dispatch.LoadRun.Engines;

/// <summary>What a PostgreSQL server and all its processes, those that ended too, have used since it started.</summary>
/// <param name="ProcessorSeconds">User and system.</param>
/// <param name="WrittenBytes">What it had the kernel write to disk.</param>
readonly record struct ServerUsage(double ProcessorSeconds, long WrittenBytes)
{
    const double TicksASecond = 100;
    const int FirstTimeField = 11; // utime, stime, cutime, cstime behind the program's name: proc(5)

    public static ServerUsage operator -(ServerUsage after, ServerUsage before) =>
        new(after.ProcessorSeconds - before.ProcessorSeconds, after.WrittenBytes - before.WrittenBytes);

    /// <summary>Reads the usage of a server whose first process is <paramref name="postmaster"/>.</summary>
    public static ServerUsage Read(int postmaster)
    {
        // The kernel adds what a process used to its parent's account when it ends, so the parent is read last.
        var usage = default(ServerUsage);
        foreach (var child in Children(postmaster))
        {
            try
            {
                usage = usage.Add(ProcessorTime(child, withEnded: false), Written(child));
            }
            catch (IOException)
            {
                // It ended since.
            }
        }

        return usage.Add(ProcessorTime(postmaster, withEnded: true), Written(postmaster));
    }

    ServerUsage Add(double seconds, long bytes) => new(ProcessorSeconds + seconds, WrittenBytes + bytes);

    static IEnumerable<int> Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture));

    static double ProcessorTime(int process, bool withEnded)
    {
        var line = File.ReadAllText($"/proc/{process}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Skip(FirstTimeField).Take(withEnded ? 4 : 2)
            .Sum(text => long.Parse(text, CultureInfo.InvariantCulture)) / TicksASecond;
    }

    static long Written(int process)
    {
        const string Name = "write_bytes: ";
        var line = File.ReadLines($"/proc/{process}/io").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line[Name.Length..], CultureInfo.InvariantCulture);
    }
}
