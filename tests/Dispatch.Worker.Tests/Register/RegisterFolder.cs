using System.Text;

namespace Dispatch.Worker.Tests.Register;

/// <summary>A register folder below the system's temporary one, removed afterwards.</summary>
sealed class RegisterFolder : IDisposable
{
    public const string CompaniesHeader = "cvr;name;co;street;place;postcode;city;country;status;exempt;email";
    public const string ReadAccessHeader = "owner;reader;granted_by;from;to;notify";
    public const string RegistrationsHeader = "cpr;sender_cvr";

    public RegisterFolder() => Path = Directory.CreateTempSubdirectory("dispatch-register-").FullName;

    public string Path { get; }

    public RegisterFolder People(params PersonLine[] people) =>
        Write("people.csv", PersonLine.Header, [.. people.Select(person => person.ToString())]);

    public RegisterFolder Companies(params string[] lines) => Write("companies.csv", CompaniesHeader, lines);

    public RegisterFolder ReadAccess(params string[] lines) => Write("read_access.csv", ReadAccessHeader, lines);

    public RegisterFolder Registrations(params string[] lines) =>
        Write("registrations.csv", RegistrationsHeader, lines);

    public RegisterFolder Write(string file, string header, params string[] lines) =>
        Write(file, Encoding.UTF8.GetBytes(string.Concat(lines.Prepend(header).Select(line => line + "\n"))));

    public RegisterFolder Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, file), bytes);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
