using System.Text;
using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>read_access.csv and register.read_access.</summary>
static class ReadAccessFile
{
    public const string FileName = "read_access.csv";
    public const int Owner = 0;
    public const int Reader = 1;
    public const int GrantedBy = 2;
    public const int From = 3;
    public const int To = 4;
    public const int Notify = 5;
    const short TableColumns = 6;

    const string CopySql =
        """
        copy register.read_access (owner, reader, granted_by, valid_from, valid_to, notify)
        from stdin (format binary, freeze)
        """;

    public static readonly IReadOnlyList<string> Columns =
        ["owner", "reader", "granted_by", "from", "to", "notify"];

    static readonly string[] Grantors = ["self", "guardian", "citizen-service"];

    /// <summary>By key, each once.</summary>
    /// <exception cref="DispatchException"><c>register.*</c></exception>
    public static List<ReadAccessGrant> Read(string folder, CancellationToken ct)
    {
        var grants = new List<ReadAccessGrant>();
        using var file = RegisterFile.Open(folder, FileName, Columns);
        try
        {
            while (file is not null && file.Read())
            {
                ct.ThrowIfCancellationRequested();
                grants.Add(ReadGrant(file));
            }
        }
        catch (DispatchException first)
        {
            throw FurtherFaults.After(first, file!, () => ReadGrant(file!), ct);
        }

        grants.Sort((a, b) => a.CompareTo(b));
        for (var i = 1; i < grants.Count; i++)
        {
            if (grants[i].Key == grants[i - 1].Key)
            {
                throw RegisterFile.DuplicateFault(
                    file!.Path, grants[i].Line, grants[i - 1].Line, "owner, reader, from");
            }
        }

        return grants;
    }

    public static Task WriteAsync(NpgsqlConnection connection, List<ReadAccessGrant> grants, CancellationToken ct) =>
        CopyTarget.CopyAsync(connection, CopySql, (rows, token) => EncodeAsync(grants, rows, token), ct);

    public static ReadAccessGrant ReadGrant(RegisterFile file)
    {
        var grantor = Array.IndexOf(Grantors, Encoding.UTF8.GetString(file[GrantedBy]));
        if (grantor < 0)
        {
            throw file.ValueFault(GrantedBy, "self, guardian or citizen-service");
        }

        return new(
            file.ReadCpr(Owner), file.ReadCpr(Reader), Grantors[grantor], file.ReadInstant(From),
            file[To].IsEmpty ? null : file.ReadInstant(To), Encoding.UTF8.GetString(file.ReadNotify(Notify)),
            file.Line);
    }

    static async Task EncodeAsync(List<ReadAccessGrant> grants, CopyRows rows, CancellationToken ct)
    {
        foreach (var grant in grants)
        {
            rows.BeginRow(TableColumns);
            rows.Int64(grant.Owner);
            rows.Int64(grant.Reader);
            rows.Text(Encoding.UTF8.GetBytes(grant.GrantedBy));
            rows.Instant(grant.From);
            if (grant.To is { } to)
            {
                rows.Instant(to);
            }
            else
            {
                rows.Null();
            }

            rows.Text(Encoding.UTF8.GetBytes(grant.Notify));
            await rows.EndRowAsync(ct);
        }
    }
}
