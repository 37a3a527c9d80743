using System.Globalization;

namespace Dispatch.System.Tests.Running;

/// <summary>What a process listens on, as the kernel tells it.</summary>
static class ListeningSockets
{
    const string Listening = "0A";
    const int LocalAddress = 1;
    const int State = 3;
    const int Inode = 9;

    /// <summary>TCP and UDP, both families: <c>tcp 0100007F:1F90</c>, addresses as in /proc/net.</summary>
    public static List<string> Of(int process)
    {
        var own = Directory.GetFiles($"/proc/{Text(process)}/fd").Select(OpenedBy).ToHashSet();
        var found = new List<string>();
        foreach (var table in new[] { "tcp", "tcp6", "udp", "udp6" })
        {
            var path = $"/proc/{Text(process)}/net/{table}";
            foreach (var line in File.Exists(path) ? File.ReadLines(path).Skip(1) : [])
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (own.Contains($"socket:[{fields[Inode]}]")
                    && (fields[State] == Listening || table.StartsWith("udp", StringComparison.Ordinal)))
                {
                    found.Add($"{table} {fields[LocalAddress]}");
                }
            }
        }

        return found;
    }

    // One that is closed meanwhile leads nowhere.
    static string? OpenedBy(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
