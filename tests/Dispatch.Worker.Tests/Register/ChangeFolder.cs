namespace Dispatch.Worker.Tests.Register;

/// <summary>A folder of changes: lines as of a register folder, with op and effective_at before them.</summary>
sealed class ChangeFolder : IDisposable
{
    const string Before = "op;effective_at;";

    readonly RegisterFolder _folder = new();

    public string Path => _folder.Path;

    public static string Put(string effectiveAt, object line) => $"put;{effectiveAt};{line}";

    public static string Remove(string effectiveAt, object line) => $"remove;{effectiveAt};{line}";

    public ChangeFolder People(params string[] lines) => Write("people.csv", PersonLine.Header, lines);

    public ChangeFolder Companies(params string[] lines) =>
        Write("companies.csv", RegisterFolder.CompaniesHeader, lines);

    public ChangeFolder ReadAccess(params string[] lines) =>
        Write("read_access.csv", RegisterFolder.ReadAccessHeader, lines);

    public ChangeFolder Registrations(params string[] lines) =>
        Write("registrations.csv", RegisterFolder.RegistrationsHeader, lines);

    public ChangeFolder Clear()
    {
        foreach (var file in Directory.GetFiles(Path))
        {
            File.Delete(file);
        }

        return this;
    }

    public void Dispose() => _folder.Dispose();

    ChangeFolder Write(string file, string header, string[] lines)
    {
        _folder.Write(file, Before + header, lines);
        return this;
    }
}
