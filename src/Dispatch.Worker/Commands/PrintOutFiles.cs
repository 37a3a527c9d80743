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
/// The job of letters people had in their mailboxes: letter, title and sender's name of the job they came with, and the
/// values they were sealed with. On record before they are opened, under the name of who asked for the print-out.
/// </summary>
static class PrintOutFiles
{
    const string Reason = "print-out of what had been received";

    static readonly JsonSerializerOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null when none of its letters can be printed.</returns>
    public static async Task<IReadOnlyDictionary<string, byte[]>?> MakeAsync(
        Engine engine, OwnJob job, AcceptedJob original, string senderCvr, CancellationToken ct)
    {
        var (source, assets) = await JobLetter.ReadAsync(engine.Db, original, ct);
        var columns = LetterTemplate.ParseAccepted(source, original.Order.Letter, assets).Columns;
        var list = await ListAsync(engine, job, original, columns, ct);
        return list is null ? null : OwnLetterFiles.Of(Order(job, original, senderCvr), source, list, assets);
    }

    static async Task<string?> ListAsync(
        Engine engine, OwnJob job, AcceptedJob original, IReadOnlyList<TemplateColumn> columns, CancellationToken ct)
    {
        var list = new StringBuilder("recipient;reference");
        foreach (var column in columns)
        {
            Append(list, Encoding.UTF8.GetBytes(column.Name));
        }

        using var key = original.DataKey is null ? null : await original.OpenKeyAsync(engine.Keys, ct);
        var (printed, lost) = (new List<PrintedLetter>(), new List<(PrintedLetter, string)>());
        foreach (var letter in await PrintOuts.LettersAsync(engine.Db, job, ct))
        {
            var (values, fault) = await OpenAsync(engine, original, letter, columns.Count, key, ct);
            if (values is null)
            {
                lost.Add((letter, fault));
                continue;
            }

            // The row it was is what tells two letters of one person apart.
            list.Append('\n').Append(letter.Cpr).Append(';').Append(letter.Job).Append('-').Append(letter.Row);
            for (var i = 0; i < columns.Count; i++)
            {
                Append(list, values.Field(i));
            }

            printed.Add(letter);
        }

        await PrintOuts.SetFaultsAsync(engine.Db, lost, Operator.Name, ct);
        await PrintOuts.SetRowsAsync(engine.Db, printed, ct);
        return printed.Count > 0 ? list.ToString() : null;
    }

    // One letter that cannot be printed must not keep the others from it.
    static async Task<(LetterValues? Values, string Fault)> OpenAsync(
        Engine engine, AcceptedJob original, PrintedLetter letter, int fieldCount, JobKey? key, CancellationToken ct)
    {
        if (letter.IsRecalled || key is null)
        {
            return (null, letter.IsRecalled ? "letter.recalled" : "key.forgotten");
        }

        if (letter.PersonId is not { } person)
        {
            return (null, "letter.not_own");
        }

        try
        {
            var actor = letter.AskedBy.Length > 0 ? letter.AskedBy : Operator.Name;
            return (await StoredLetter.OpenAsync(
                engine.Db, original, letter.Row, fieldCount, key, actor, Reason, ct, owner: person), "");
        }
        catch (DispatchException fault) when (fault.Code.StartsWith("letter.", StringComparison.Ordinal))
        {
            return (null, fault.Code);
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
