using Microsoft.Extensions.Logging;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>A log for the scheduler: what it does every few seconds is nobody's news, and its exceptions may quote
/// anything.
/// </summary>
static class QuietLogs
{
    public static ILoggerFactory Of(ILoggerFactory logs) => LoggerFactory.Create(
        builder => builder.AddProvider(new Warnings(logs)).SetMinimumLevel(LogLevel.Warning));

    sealed class Warnings(ILoggerFactory logs) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Warning(logs.CreateLogger(nameof(Scheduling)));

        public void Dispose()
        {
        }
    }

    sealed class Warning(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Serving.Log.OfScheduler(logger, eventId.Id, exception?.GetType().Name ?? "");
    }
}
