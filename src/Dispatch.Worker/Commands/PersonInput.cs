using System.CommandLine;
using Dispatch.Routing;

namespace Dispatch.Worker.Commands;

/// <summary>
/// The numbers of people a command is about. From standard input, a line each, or from a file: an argument is in the
/// list of processes and in the shell's history.
/// </summary>
sealed class PersonInput(TextReader input)
{
    const int LineCharsMax = 256;
    const string StandardInput = "-";

    public static Argument<string?> Argument(string name, string whose) => new(name)
    {
        Description = $"Number of {whose}: - = a line of standard input (the default), @FILE = a file's first line",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Argument<string?> ContactArgument() => new("CONTACT")
    {
        Description = "E-mail address or phone number: - = a line of standard input (the default), "
            + "@FILE = a file's first line",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <param name="given">What stands on the command line; null = nothing.</param>
    /// <exception cref="DispatchException"><c>person.file</c>, exit 2.</exception>
    public string Next(string? given)
    {
        if (given is null or StandardInput)
        {
            return ReadLine(input);
        }

        if (!given.StartsWith('@'))
        {
            CommandContext.Warn(
                "person.on_command_line",
                "somebody's number or address stands on the command line, where others may read it; "
                + "expected it on standard input");
            return given;
        }

        try
        {
            using var file = File.OpenText(given[1..]);
            return ReadLine(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DispatchException(
                "person.file", "the file named with @ cannot be read; expected a number on its first line",
                ExitCode.Usage, fault);
        }
    }

    // Bounded: standard input may be anything.
    static string ReadLine(TextReader reader)
    {
        var line = new System.Text.StringBuilder();
        for (var next = reader.Read(); next is not (-1 or '\n') && line.Length < LineCharsMax; next = reader.Read())
        {
            line.Append((char)next);
        }

        return line.ToString();
    }
}
