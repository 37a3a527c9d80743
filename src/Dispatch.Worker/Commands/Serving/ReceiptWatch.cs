using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Receipts;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Applies the receipt files print houses put down, as <c>receipts import</c> would. Applied twice, a file
/// changes nothing; so workers need not agree on who takes which.</summary>
sealed class ReceiptWatch(CommandContext context, Engine engine, Duty duty)
    : Watch(context, context.Settings.Worker.InboxPeriod)
{
    readonly ReceiptFolders _folders = new(context.Folder, context.Settings.Worker.InboxPatience, context.Time);
    readonly LastingFaults _faults = new();

    protected override async Task RoundAsync(CancellationToken ct)
    {
        if (!duty.MayTake)
        {
            return;
        }

        foreach (var (printHouse, path) in _folders.FindDue(RefuseFolder))
        {
            await TakeAsync(printHouse, path, ct);
        }

        _faults.EndRound();
    }

    async Task TakeAsync(string printHouse, string path, CancellationToken ct)
    {
        try
        {
            var import = new ReceiptImport(
                engine.Db, Context.Folder, Context.Settings.Limits.ReceiptBytesMax, Context.Time);
            var result = await import.RunAsync(
                path, printHouse, [Context.Settings.Printing.PrintHouse], Operator.Name, ct);
            File.Delete(path);
            Log.ReceiptsApplied(Logger, printHouse, result.Applied, result.Incidents);
        }
        catch (DispatchException fault) when (fault.Exit == ExitCode.Refused)
        {
            File.Delete(path);
            Log.ReceiptsRefused(Logger, printHouse, fault.Code);
        }
        catch (DispatchException fault) when (fault.Code == "receipt.missing")
        {
            // Another worker applied it.
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            NoteFault($"{printHouse}/{Path.GetFileName(path)}", Failure.From(fault, null, Context).Code);
        }
    }

    void RefuseFolder(string printHouse) => NoteFault(printHouse, "receipt.folder");

    void NoteFault(string name, string code)
    {
        if (_faults.IsNews(name, code))
        {
            Log.NotTaken(Logger, ShownName.Of(Path.GetFileName(name)), code);
        }
    }
}
