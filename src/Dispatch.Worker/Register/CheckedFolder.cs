using Dispatch.Routing;

namespace Dispatch.Worker.Register;

/// <summary>A register folder in which no fault was found.</summary>
sealed record CheckedFolder(
    RecordOrder People, RecordOrder Companies, List<ReadAccessGrant> ReadAccess, List<Registration> Registrations)
{
    /// <exception cref="DispatchException"><c>register.*</c>: the first fault.</exception>
    public static async Task<CheckedFolder> CheckAsync(string folder, Action<int> rowsRead, CancellationToken ct)
    {
        var people = Path.Combine(folder, KeyedTable.People.FileName);
        if (!File.Exists(people))
        {
            throw new DispatchException(
                "register.missing_file",
                $"no file '{people}'; expected a register folder with at least this file; check the path");
        }

        // Two at a time: the file of people takes longer than all others. Its fault is told first.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var others = Task.Run(
            () => (RecordOrder.Read(folder, KeyedTable.Companies, rowsRead, stop.Token),
                ReadAccessFile.Read(folder, stop.Token), RegistrationsFile.Read(folder, stop.Token)), ct);
        try
        {
            var order = await Task.Run(() => RecordOrder.Read(folder, KeyedTable.People, rowsRead, ct), ct);
            var (companies, readAccess, registrations) = await others;
            return new(order, companies, readAccess, registrations);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
