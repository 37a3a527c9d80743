using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The log of a process: JSON lines in <c>DATA/logs/</c>, in a file of its own, a new one every day and whenever
/// one is full.</summary>
static class LogFile
{
    /// <param name="events">Shown what is logged, too; null = nobody is.</param>
    public static ILoggerFactory Open(LoggingSettings settings, LogPlace place, ILogEventSink? events = null)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(settings.Level))
            .Enrich.WithProperty("Machine", Environment.MachineName)
            .Enrich.WithProperty("Process", Environment.ProcessId)
            .WriteTo.File(
                new LogLines(),
                place.Pattern,
                rollingInterval: RollingInterval.Day,
                fileSizeLimitBytes: settings.FileBytesMax,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: settings.FilesMax);
        if (events is not null)
        {
            configuration.WriteTo.Sink(events);
        }

        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }
}
