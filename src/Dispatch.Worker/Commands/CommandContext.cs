using System.Collections;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Dispatch.Worker.Commands;

/// <summary>What a command works with: settings, folders, log, progress on stderr, and the one result on
/// stdout.</summary>
sealed class CommandContext : IAsyncDisposable
{
    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // never put into a page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    readonly LogPlace _logPlace;

    CommandContext(DispatchSettings settings, ParseResult parsed, bool isHeadless)
    {
        Settings = settings;
        Folder = DataFolder.Open(settings);
        IsJson = parsed.GetValue(GlobalOptions.Json);
        _logPlace = LogPlace.Take(Folder.Logs);
        Logs = LogFile.Open(settings.Logging, _logPlace, isHeadless ? new EventLines(IsJson ? Console.Error : Console.Out) : null);
        var style = isHeadless ? ProgressStyle.None
            : parsed.GetValue(GlobalOptions.Quiet) ? ProgressStyle.None
            : Console.IsErrorRedirected ? ProgressStyle.Lines
            : ProgressStyle.Bars;
        Progress = StageProgress.Start(Console.Error, style, Time);
    }

    public DispatchSettings Settings { get; }

    public DataFolder Folder { get; }

    /// <summary>The result is wanted as one JSON document.</summary>
    public bool IsJson { get; }

    public ILoggerFactory Logs { get; }

    public StageProgress Progress { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>Runs a command from parsed line to exit code, whatever happens.</summary>
    /// <param name="isHeadless">Shows what is logged, a line an event, on stdout, or with --json on stderr, and no
    /// progress.</param>
    public static async Task<int> RunAsync(
        ParseResult parsed, Func<CommandContext, CancellationToken, Task<ExitCode>> command, bool isHeadless = false)
    {
        using var signals = new StopSignals();
        CommandContext? context = null;
        try
        {
            context = Open(parsed, isHeadless);
            var exit = await command(context, signals.Token);
            await context.DisposeAsync();
            return (int)exit;
        }
        catch (Exception e)
        {
            // Progress must have ended before the one line is written.
            var failure = Failure.From(e, signals.Stopped, context);
            failure.Log(context?.Logs, e);
            await (context?.DisposeAsync() ?? ValueTask.CompletedTask);
            await Console.Error.WriteLineAsync(failure.ToString());
            return (int)failure.Exit;
        }
    }

    public async Task<DispatchDatabase> OpenDatabaseAsync(bool migrate, CancellationToken ct)
    {
        var database = await DispatchDatabase.OpenAsync(Settings, migrate, ct);
        if (database.IsSuperuser)
        {
            Warn(
                "database.superuser",
                "the user in Database:ConnectionString is a superuser, whom no role bounds; expected a user "
                + "of dispatch's own; see docs/configuration.md");
        }

        if (database.IsUnverified)
        {
            Warn(
                "database.tls",
                "Database:ConnectionString names another machine and does not make it prove which it is; expected SSL "
                + "Mode=VerifyFull and Root Certificate; see docs/configuration.md");
        }

        return database;
    }

    /// <summary>Prints the result: the document as JSON, or else the text.</summary>
    public void Write<T>(T document, Func<T, string> text) =>
        Console.Out.WriteLine(IsJson ? JsonSerializer.Serialize(document, JsonOptions) : text(document));

    /// <summary>Prints the result: a document that writes its own JSON, or else the text.</summary>
    public void Write(string json, Func<string> text) => Console.Out.WriteLine(IsJson ? json : text());

    /// <summary>Tells the operator what does not stop the command: on stderr, and told apart from the one line of an
    /// error.
    /// </summary>
    public static void Warn(string code, string text) => Console.Error.WriteLine($"warning: {code}: {text}");

    public async ValueTask DisposeAsync()
    {
        await Progress.DisposeAsync();
        try
        {
            Logs.Dispose();
        }
        catch (IOException)
        {
            // The log's last lines found a full disk. What the command did, or why it failed, is told all the same.
        }

        _logPlace.Dispose();
    }

    static CommandContext Open(ParseResult parsed, bool isHeadless)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        var settings = SettingsReader.Read(
            AppContext.BaseDirectory, parsed.GetRequiredValue(GlobalOptions.Data), environment,
            parsed.GetValue(GlobalOptions.Set) ?? []);
        return new CommandContext(settings, parsed, isHeadless);
    }
}
