using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Dispatch.Worker.Commands;

/// <summary>What happens in a service, a line an event; the log has the same as JSON.</summary>
sealed class EventLines(TextWriter output) : ILogEventSink
{
    // Written out, strings not in quotes.
    static readonly MessageTemplateTextFormatter Text = new("{Message:lj}", CultureInfo.InvariantCulture);

    readonly Lock _writing = new();

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Information || !IsOfService(logEvent))
        {
            return;
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Text.Format(logEvent, text);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{logEvent.Timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Mark(logEvent.Level)}")
            + text.ToString().ReplaceLineEndings(" ");
        lock (_writing)
        {
            try
            {
                output.WriteLine(line);
            }
            catch (IOException)
            {
                // Nobody reads it any more; the log has it.
            }
        }
    }

    static bool IsOfService(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
        && source is ScalarValue { Value: nameof(Serving) };

    static string Mark(LogEventLevel level) => level switch
    {
        LogEventLevel.Information => "",
        LogEventLevel.Warning => "WARNING ",
        _ => "ERROR ",
    };
}
