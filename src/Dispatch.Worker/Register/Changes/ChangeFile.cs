using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Register.Changes;

/// <summary>One file of a folder of changes: read once, checked and staged line by line.</summary>
/// <param name="Sha256">Of its bytes before it was read.</param>
sealed record ChangeFile(ChangeKind Kind, string Folder, byte[] Sha256, DateTime WrittenAt)
{
    const short KeyColumns = 9;
    const int ProgressRows = 1 << 14;

    // A row of a COPY has room for twice a record; escapes beyond that are nobody's name or address.
    const int ContentBytesMax = 2 * RegisterFile.RecordBytesMax - 1024;
    const byte JsonbVersion = 1;
    const long MinusInfinity = long.MinValue;

    static readonly JsonWriterOptions JsonOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // The content last: what it is made of is written beside it.
    string CopySql =>
        $"""
        copy register.staged_changes
            ({string.Join(", ", ["file_no", "line", "kind", "number", "other", "since", "effective_at", "op",
                .. Kind.StagedColumns, "content"])})
        from stdin (format binary)
        """;

    public string Path => System.IO.Path.Combine(Folder, Kind.FileName);

    /// <summary>The files of the folder.</summary>
    /// <exception cref="DispatchException"><c>register.missing_file</c>, <c>register.unreadable</c> and what else is
    /// wrong with a file as such.</exception>
    public static List<ChangeFile> Find(string folder)
    {
        var files = new List<ChangeFile>();
        foreach (var kind in ChangeKind.All)
        {
            // Opened for its faults first: a pipe, say, would never end.
            using (var file = RegisterFile.Open(folder, kind.FileName, kind.Columns))
            {
                if (file is null)
                {
                    continue;
                }
            }

            var path = System.IO.Path.Combine(folder, kind.FileName);
            var writtenAt = File.GetLastWriteTimeUtc(path);
            using var stream = File.OpenRead(path);
            files.Add(new(kind, folder, SHA256.HashData(stream), writtenAt));
        }

        return files.Count > 0 ? files : throw new DispatchException(
            "register.missing_file",
            $"no file of changes in '{folder}'; expected at least one of "
            + $"{string.Join(", ", ChangeKind.All.Select(kind => kind.FileName))}; check the path");
    }

    /// <exception cref="DispatchException"><c>register.*</c>: the first fault.</exception>
    public async Task StageAsync(NpgsqlConnection connection, int fileNo, Action<int> rowsRead, CancellationToken ct)
    {
        using var file = RegisterFile.Open(Folder, Kind.FileName, Kind.Columns) ?? throw ChangedFault();
        await CopyTarget.CopyAsync(
            connection, CopySql, (rows, token) => EncodeAsync(file, fileNo, rows, rowsRead, token), ct);
        if (File.GetLastWriteTimeUtc(Path) != WrittenAt)
        {
            throw ChangedFault();
        }
    }

    async Task EncodeAsync(
        RegisterFile file, int fileNo, CopyRows rows, Action<int> rowsRead, CancellationToken ct)
    {
        var content = new ArrayBufferWriter<byte>(1024);
        await using var json = new Utf8JsonWriter(content, JsonOptions);
        var kind = Encoding.UTF8.GetBytes(Kind.Name);
        try
        {
            while (file.Read())
            {
                Encode(file, fileNo, kind, content, json, rows);
                await rows.EndRowAsync(ct);
                if (rows.RowCount % ProgressRows == 0)
                {
                    rowsRead(ProgressRows);
                }
            }
        }
        catch (DispatchException first)
        {
            throw FurtherFaults.After(first, file, () =>
            {
                rows.Drop();
                Encode(file, fileNo, kind, content, json, rows);
            }, ct);
        }

        rowsRead((int)(rows.RowCount % ProgressRows));
    }

    void Encode(
        RegisterFile file, int fileNo, byte[] kind, ArrayBufferWriter<byte> content, Utf8JsonWriter json, CopyRows rows)
    {
        var isRemoval = Kind.ReadIsRemoval(file);
        var effectiveAt = Kind.ReadEffectiveAt(file);
        var key = Kind.ReadKey(file, isRemoval);
        rows.BeginRow((short)(KeyColumns + Kind.StagedColumns.Count));
        rows.Int32(fileNo);
        rows.Int64(file.Line);
        rows.Text(kind);
        rows.Int64(key.Number);
        rows.Int64(key.Other);
        if (key.Since is { } since)
        {
            rows.Instant(since);
        }
        else
        {
            rows.Int64(MinusInfinity);
        }

        rows.Instant(effectiveAt);
        rows.Text(isRemoval ? "remove"u8 : "put"u8);
        if (isRemoval)
        {
            for (var column = 0; column <= Kind.StagedColumns.Count; column++)
            {
                rows.Null();
            }

            return;
        }

        content.ResetWrittenCount();
        content.GetSpan(1)[0] = JsonbVersion;
        content.Advance(1);
        json.Reset(content);
        json.WriteStartObject();
        Kind.WriteContent(file, json, rows);
        json.WriteEndObject();
        json.Flush();
        rows.Text(
            content.WrittenCount <= ContentBytesMax
                ? content.WrittenSpan
                : throw file.ValueFault(0, "shorter values in this line"));
    }

    DispatchException ChangedFault() => RecordOrder.ChangedFault(Path);
}
