using System.ComponentModel;
using System.Text.RegularExpressions;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary>
/// How a command failed: the one line on stderr and the exit code. Only messages written for the operator get through;
/// those of libraries may quote a row.
/// </summary>
/// <param name="Code">Stable, for instance <c>disk.full</c>.</param>
sealed partial record Failure(string Code, string Message, ExitCode Exit)
{
    const int NoSpace = 28; // ENOSPC
    const int NoQuota = 122; // EDQUOT
    const int ReadOnlyDisk = 30; // EROFS
    const int NoHandlesOnMachine = 23; // ENFILE
    const int NoHandles = 24; // EMFILE
    const int HandlesMin = 24;

    /// <param name="stopped">The exit code of the signal that came, if one did.</param>
    public static Failure From(Exception exception, ExitCode? stopped, CommandContext? context) => exception switch
    {
        // A stage that fails because the others were cancelled is not what happened.
        _ when stopped is { } exit => new(
            "stopped", "stopped by a signal; run the same command again to go on", exit),
        _ when LacksHandles(exception) => new(
            "process.file_handles",
            "this process may hold no more files and connections open; expected room for a few hundred: raise its limit "
            + "(ulimit -n, LimitNOFILE of the service) and run the same command again",
            ExitCode.TryAgain),
        _ when LacksZone(exception) => From(LocalZone.Missing(), stopped, context),
        AggregateException { InnerExceptions.Count: > 0 } many => From(First(many), stopped, context),
        DispatchException fault => new(fault.Code, fault.Message.ReplaceLineEndings(" "), fault.Exit),
        NpgsqlException fault => From(DatabaseFault.From(fault), stopped, context),
        IOException full when IsFull(full) => new(
            "disk.full", "no space is left on the disk; make room and run the same command again", ExitCode.TryAgain),
        UnauthorizedAccessException or IOException { HResult: ReadOnlyDisk } => new(
            "access.denied",
            $"{PathIn(exception.Message)} may not be read or written by this user; give it the right, or run"
            + " dispatch as its owner", ExitCode.Configuration),
        _ => new(
            "internal.error", $"{exception.GetType().Name}; this is a bug, report it with "
            + (context is null ? "the command line" : $"the last lines of the log in '{context.Folder.Logs}'"),
            ExitCode.Failed),
    };

    /// <summary>The disk is full, or this user's part of it.</summary>
    public static bool IsFull(IOException fault) => fault.HResult is NoSpace or NoQuota;

    // Whatever could not be opened: a file, a socket, a program, a part of our own.
    static bool LacksHandles(Exception? fault) => fault switch
    {
        null => false,
        AggregateException many => many.InnerExceptions.Any(LacksHandles),
        IOException { HResult: NoHandles or NoHandlesOnMachine }
            or Win32Exception { NativeErrorCode: NoHandles or NoHandlesOnMachine } => true,
        // Such parts say that they were not found, and threads that there is no memory.
        FileNotFoundException or FileLoadException or DllNotFoundException or OutOfMemoryException
            when HasFewHandles() => true,
        _ => LacksHandles(fault.InnerException),
    };

    // Where a zone is first needed: it says so from inside whatever was being set up.
    static bool LacksZone(Exception? fault) => fault is TimeZoneNotFoundException or InvalidTimeZoneException
        || (fault is not null && LacksZone(fault.InnerException));

    static bool HasFewHandles()
    {
        var opened = new List<IDisposable>();
        try
        {
            for (var i = 0; i < HandlesMin; i++)
            {
                opened.Add(File.OpenHandle("/dev/null"));
            }

            return false;
        }
        catch (IOException)
        {
            return true;
        }
        finally
        {
            opened.ForEach(handle => handle.Dispose());
        }
    }

    /// <summary>Writes what happened where, without the text of any message.</summary>
    public void Log(ILoggerFactory? logs, Exception exception)
    {
        if (logs is not null)
        {
            Commands.Log.Failed(
                logs.CreateLogger(nameof(Commands)), Code, (int)Exit, FaultKinds.Of(exception),
                Exit == ExitCode.Failed ? exception.StackTrace : null);
        }
    }

    // What was typed comes back in messages, and a number typed in the wrong place may be somebody's.
    public override string ToString() => $"dispatch: {Code}: {CprPattern().Replace(Message, "(ten digits)")}";

    static Exception First(AggregateException many) =>
        many.InnerExceptions.FirstOrDefault(e => e is not OperationCanceledException) ?? many.InnerExceptions[0];

    static string PathIn(string message) =>
        QuotedPattern().Match(message) is { Success: true, Value: var path } ? path : "a file";

    [GeneratedRegex("'[^']+'", RegexOptions.NonBacktracking)]
    private static partial Regex QuotedPattern();

    // Day, replacement numbers too, month, the rest. Not a part of a longer run: batch names hold dates and hashes.
    [GeneratedRegex(
        "(?<![0-9A-Za-z])(0[1-9]|[1278][0-9]|3[01]|6[1-9]|9[01])(0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}(?![0-9A-Za-z])")]
    private static partial Regex CprPattern();
}
