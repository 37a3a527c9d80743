using System.Text.Json;

namespace Dispatch.Worker.Register.Changes;

/// <summary>read_access.csv: a grant as it is from then on, or its end. A removal without <c>from</c> ends every grant
/// between the two.</summary>
sealed class ReadAccessChange()
    : ChangeKind("read_access", ReadAccessFile.FileName, ReadAccessFile.Columns, "owner, reader, from")
{
    public override ChangeKey ReadKey(RegisterFile file, bool isRemoval)
    {
        var (owner, reader) = (file.ReadCpr(ReadAccessFile.Owner), file.ReadCpr(ReadAccessFile.Reader));
        if (owner == reader)
        {
            throw file.ValueFault(ReadAccessFile.Reader, "another person's number");
        }

        return new(
            owner, reader,
            isRemoval && file[ReadAccessFile.From].IsEmpty ? null : file.ReadInstant(ReadAccessFile.From));
    }

    public override void WriteContent(RegisterFile file, Utf8JsonWriter json, CopyRows row)
    {
        var grant = ReadAccessFile.ReadGrant(file);
        json.WriteString("granted_by", grant.GrantedBy);
        if (grant.To is { } to)
        {
            json.WriteString("valid_to", to);
        }

        json.WriteString("notify", grant.Notify);
    }
}
