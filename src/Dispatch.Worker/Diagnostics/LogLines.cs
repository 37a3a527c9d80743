using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;

namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// JSON lines, in which an exception is its kinds and its place: whoever logs one — the generic host does, when a part of
/// a worker fails — its message may quote a row, and so is never written.
/// </summary>
sealed class LogLines : ITextFormatter
{
    static readonly JsonFormatter Json = new(formatProvider: CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output) => Json.Format(WithoutMessages(logEvent), output);

    static LogEvent WithoutMessages(LogEvent logEvent)
    {
        if (logEvent.Exception is not { } fault)
        {
            return logEvent;
        }

        var properties = logEvent.Properties.Select(property => new LogEventProperty(property.Key, property.Value))
            .Append(new("Fault", new ScalarValue(FaultKinds.Of(fault))))
            .Append(new("FaultAt", new ScalarValue(fault.StackTrace)));
        return new(logEvent.Timestamp, logEvent.Level, exception: null, logEvent.MessageTemplate, properties);
    }
}
