using Dispatch.Routing;

namespace Dispatch.Worker.Register;

/// <summary>A register folder in which no fault was found.</summary>
sealed record CheckedFolder(
    RecordOrder People, RecordOrder Companies, List<ReadAccessGrant> ReadAccess, List<Registration> Registrations)
{
    /// <exception cref="DispatchException"><c>register.*</c>: the first fault.</exception>
    public static CheckedFolder Check(string folder, Action<int> rowsRead, CancellationToken ct)
    {
        var people = Path.Combine(folder, KeyedTable.People.FileName);
        if (!File.Exists(people))
        {
            throw new DispatchException(
                "register.missing_file",
                $"no file '{people}'; expected a register folder with at least this file; check the path");
        }

        return new(
            RecordOrder.Read(folder, KeyedTable.People, rowsRead, ct),
            RecordOrder.Read(folder, KeyedTable.Companies, rowsRead, ct),
            ReadAccessFile.Read(folder, ct),
            RegistrationsFile.Read(folder, ct));
    }
}
