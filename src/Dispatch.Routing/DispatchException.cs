namespace Dispatch.Routing;

/// <summary>How a command ends; the numbers are public surface.</summary>
public enum ExitCode
{
    Done = 0,
    Failed = 1,
    Usage = 2,
    DoneWithExceptions = 3,
    AuditViolation = 4,
    Refused = 65,
    TryAgain = 75,
    Configuration = 78,
    Interrupted = 130,
    Terminated = 143,
}

/// <summary>
/// A fault the operator is told about in one line: what was found, where, what was expected, what to do.
/// The message never holds a CPR number, a name, an address or letter text.
/// </summary>
public sealed class DispatchException : Exception
{
    /// <param name="code">Stable code such as <c>file.empty</c>.</param>
    /// <param name="message">One line, without the code.</param>
    /// <param name="exit">What the process ends with when nobody handles the fault.</param>
    public DispatchException(string code, string message, ExitCode exit = ExitCode.Refused, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Exit = exit;
    }

    public string Code { get; }

    public ExitCode Exit { get; }

    /// <summary>When it will have passed; null = nobody knows.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The same fault, its line followed by what else is to be told.</summary>
    /// <param name="more">As a message: no number, name, address or letter text.</param>
    public DispatchException With(string more) => new(Code, $"{Message}; {more}", Exit, this) { RetryAt = RetryAt };

    /// <summary>A passing fault: the same command may work later.</summary>
    public bool IsTransient => Exit == ExitCode.TryAgain;
}
