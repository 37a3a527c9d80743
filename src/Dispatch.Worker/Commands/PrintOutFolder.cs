using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Register.Enrolments;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Commands;

/// <summary>
/// The job folder of letters people had in their mailboxes, for as long as it takes to submit it: letter, title and
/// sender's name of the job they came with, and the values they were sealed with. On record before they are opened.
/// </summary>
static class PrintOutFolder
{
    const string Reason = "print-out of what had been received";

    static readonly JsonSerializerOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null when none of its letters can be opened any more.</returns>
    public static async Task<OwnLetterFolder?> WriteAsync(
        Engine engine, string path, OwnJob job, AcceptedJob original, string senderCvr, CancellationToken ct)
    {
        var (source, assets) = await JobLetter.ReadAsync(engine.Db, original, ct);
        var columns = LetterTemplate.ParseAccepted(source, original.Order.Letter, assets).Columns;
        var list = await ListAsync(engine, job, original, columns, ct);
        return list is null
            ? null
            : OwnLetterFolder.Write(path, Order(job, original, senderCvr), source, list, assets);
    }

    static async Task<string?> ListAsync(
        Engine engine, OwnJob job, AcceptedJob original, IReadOnlyList<TemplateColumn> columns, CancellationToken ct)
    {
        var list = new StringBuilder("recipient;reference");
        foreach (var column in columns)
        {
            Append(list, Encoding.UTF8.GetBytes(column.Name));
        }

        using var key = await OpenKeyAsync(engine, job, original, ct);
        var count = 0;
        foreach (var (cpr, row) in key is null ? [] : await PrintOuts.LettersAsync(engine.Db, job, ct))
        {
            if (await OpenAsync(engine, job, original, row, columns.Count, key!, ct) is { } values)
            {
                // The row it was is what tells two letters of one person apart.
                list.Append('\n').Append(cpr).Append(';').Append(original.JobId).Append('-').Append(row);
                for (var i = 0; i < columns.Count; i++)
                {
                    Append(list, values.Field(i));
                }

                count++;
            }
        }

        return count > 0 ? list.ToString() : null;
    }

    static async Task<JobKey?> OpenKeyAsync(Engine engine, OwnJob job, AcceptedJob original, CancellationToken ct)
    {
        try
        {
            return await original.OpenKeyAsync(engine.Keys, ct);
        }
        catch (DispatchException fault) when (fault.Code == "key.forgotten")
        {
            await PrintOuts.SetFaultAsync(engine.Db, job, null, fault.Code, ct);
            return null;
        }
    }

    static async Task<LetterValues?> OpenAsync(
        Engine engine, OwnJob job, AcceptedJob original, int row, int fieldCount, JobKey key, CancellationToken ct)
    {
        try
        {
            return await StoredLetter.OpenAsync(
                engine.Db, original, row, fieldCount, key, Operator.Name, Reason, ct);
        }
        catch (DispatchException fault) when (fault.Code == "letter.purged")
        {
            await PrintOuts.SetFaultAsync(engine.Db, job, row, fault.Code, ct);
            return null;
        }
    }

    static void Append(StringBuilder list, ReadOnlySpan<byte> value) =>
        list.Append(";\"").Append(Encoding.UTF8.GetString(value).Replace("\"", "\"\"", StringComparison.Ordinal))
            .Append('"');

    // What the receiver sees is the original's; who answers for it, and how it goes out, is not.
    static string Order(OwnJob job, AcceptedJob original, string senderCvr)
    {
        var order = JsonNode.Parse(original.OrderText)!.AsObject();
        foreach (var name in new[] { "notBefore", "approval", "drip", "unregistered" })
        {
            order.Remove(name);
        }

        order["reference"] = job.Reference;
        order["sender"]!["cvr"] = senderCvr;
        order["sender"]!["kind"] = "public";
        order["recipients"] = new JsonObject { ["file"] = "recipients.csv" };
        order["letter"] = "letter.md";
        order["channel"] = "paper-only";
        order["stopAtRefusedShare"] = 1;
        return order.ToJsonString(JsonOptions);
    }
}
