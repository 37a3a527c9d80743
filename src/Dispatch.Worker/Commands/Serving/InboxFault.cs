namespace Dispatch.Worker.Commands.Serving;

/// <summary>What a fault met in an inbox is called: there it is the sender's folder, not the worker, that lacks
/// something.</summary>
static class InboxFault
{
    public static string CodeOf(Exception fault, CommandContext? context) => fault switch
    {
        DirectoryNotFoundException => "folder.gone",
        UnauthorizedAccessException => "folder.not_readable",
        IOException when Failure.From(fault, null, context).Code is var code =>
            code is "internal.error" or "access.denied" ? "folder.not_writable" : code,
        _ => Failure.From(fault, null, context).Code,
    };
}
