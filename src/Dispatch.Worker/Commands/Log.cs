using Microsoft.Extensions.Logging;

namespace Dispatch.Worker.Commands;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Head of the trail: event {EventNo}, {Hash}")]
    public static partial void TrailHead(ILogger logger, long eventNo, string hash);

    /// <param name="kinds">Types of the exceptions; their messages may quote a row and stay out.</param>
    [LoggerMessage(Level = LogLevel.Error, Message = "Command failed: {Code}, exit {Exit}, {Kinds}; at {Stack}")]
    public static partial void Failed(ILogger logger, string code, int exit, string kinds, string? stack);
}
