using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The log of a process: JSON lines in <c>DATA/logs/</c>, a new file every day and whenever one is
/// full.</summary>
static class LogFile
{
    /// <param name="events">Shown what is logged, too; null = nobody is.</param>
    public static ILoggerFactory Open(LoggingSettings settings, DataFolder folder, ILogEventSink? events = null)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(settings.Level))
            .Enrich.WithProperty("Process", Environment.ProcessId)
            .WriteTo.File(
                new JsonFormatter(formatProvider: CultureInfo.InvariantCulture),
                Path.Combine(folder.Logs, "dispatch-.log"),
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
