using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>registrations.csv and register.registrations.</summary>
static class RegistrationsFile
{
    public const string FileName = "registrations.csv";
    public const int Cpr = 0;
    public const int SenderCvr = 1;
    const short TableColumns = 2;
    const string CopySql = "copy register.registrations (cpr, sender_cvr) from stdin (format binary, freeze)";

    public static readonly IReadOnlyList<string> Columns = ["cpr", "sender_cvr"];

    /// <summary>By sender and person, each once.</summary>
    /// <exception cref="DispatchException"><c>register.*</c></exception>
    public static List<Registration> Read(string folder, CancellationToken ct)
    {
        var registrations = new List<Registration>();
        using var file = RegisterFile.Open(folder, FileName, Columns);
        try
        {
            while (file is not null && file.Read())
            {
                ct.ThrowIfCancellationRequested();
                registrations.Add(ReadRegistration(file));
            }
        }
        catch (DispatchException first)
        {
            throw FurtherFaults.After(first, file!, () => ReadRegistration(file!), ct);
        }

        registrations.Sort();
        for (var i = 1; i < registrations.Count; i++)
        {
            if (registrations[i].Key == registrations[i - 1].Key)
            {
                throw RegisterFile.DuplicateFault(
                    file!.Path, registrations[i].Line, registrations[i - 1].Line, "cpr, sender_cvr");
            }
        }

        return registrations;
    }

    public static Task WriteAsync(
        NpgsqlConnection connection, List<Registration> registrations, CancellationToken ct) =>
        CopyTarget.CopyAsync(connection, CopySql, (rows, token) => EncodeAsync(registrations, rows, token), ct);

    static Registration ReadRegistration(RegisterFile file) =>
        new(file.ReadCvr(SenderCvr), file.ReadCpr(Cpr), file.Line);

    static async Task EncodeAsync(List<Registration> registrations, CopyRows rows, CancellationToken ct)
    {
        foreach (var registration in registrations)
        {
            rows.BeginRow(TableColumns);
            rows.Int64(registration.Cpr);
            rows.Int32((int)registration.SenderCvr);
            await rows.EndRowAsync(ct);
        }
    }
}
