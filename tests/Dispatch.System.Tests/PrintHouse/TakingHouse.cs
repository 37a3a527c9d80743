namespace Dispatch.System.Tests.PrintHouse;

/// <summary>A print house that takes the files of a batch away the moment its ticket is there.</summary>
sealed class TakingHouse : IDisposable
{
    const string TicketEnd = ".ticket.json";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly FileSystemWatcher _watcher;
    readonly SemaphoreSlim _taken = new(0);
    readonly string _from;

    public TakingHouse(string from, string to)
    {
        (_from, Folder) = (from, to);
        _watcher = new(from, "*" + TicketEnd);
        _watcher.Created += (_, found) => Take(found.Name!);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Where it keeps what it took.</summary>
    public string Folder { get; }

    /// <summary>Waits until one more batch was taken.</summary>
    public async Task NextAsync() => Assert.True(await _taken.WaitAsync(Patience), "no batch came");

    public void Dispose()
    {
        _watcher.Dispose();
        _taken.Dispose();
    }

    void Take(string ticket)
    {
        var name = ticket[..^TicketEnd.Length];
        foreach (var file in new[] { name + ".pdf", name + ".manifest.csv", ticket })
        {
            // A batch that came twice would be in the way of itself.
            File.Move(Path.Combine(_from, file), Path.Combine(Folder, file));
        }

        _taken.Release();
    }
}
