using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Receipts;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch receipts import FILE --print-house NAME</c>: what a print house did with its batches.</summary>
static class ReceiptsCommand
{
    static readonly Argument<string> File = new("FILE") { Description = "A receipt file, NAME.receipts.csv" };

    static readonly Option<string> PrintHouse = new("--print-house")
    {
        Description = "Whose file it is; it may speak of that print house's batches only",
        HelpName = "NAME",
        Required = true,
    };

    public static Command Create()
    {
        var receipts = new Command("receipts", "What print houses say of their batches");
        var command = new Command("import", "Apply one receipt file whole, or put it whole in quarantine");
        command.Add(File);
        command.Add(PrintHouse);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var import = new ReceiptImport(
                database.DataSource, context.Folder, context.Settings.Limits.ReceiptBytesMax, context.Time);
            var result = await import.RunAsync(
                parsed.GetRequiredValue(File), parsed.GetRequiredValue(PrintHouse),
                [context.Settings.Printing.PrintHouse, .. context.Settings.Printing.PrintHouses.Keys],
                Operator.Name, ct);
            context.Write(result, Text);
            return ExitCode.Done;
        }));
        receipts.Add(command);
        return receipts;
    }

    static string Text(ReceiptResult result) => result.IsRepeat
        ? "The file was applied before; nothing changed."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{CountText.Of(result.Lines, "receipt")} of {result.PrintHouse}: {result.Applied:N0} applied, "
            + $"{result.Repeated:N0} known, {result.Late:N0} late; {CountText.Of(result.Incidents, "incident")}.");
}
