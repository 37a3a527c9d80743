using Dispatch.Routing;

namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// A name of a file or folder as the database has it. Dispatch wrote it, but whoever may write to the database could
/// have put a path there, and with it chosen what is read, sent or deleted on this machine.
/// </summary>
static class StoredName
{
    const int CharsMax = 200;

    /// <summary>A name and nothing more, whatever its characters: no path, no parent folder.</summary>
    public static bool IsPlain(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\0') < 0;

    /// <returns>The name of a file that somebody else named, when it is plain.</returns>
    /// <exception cref="DispatchException"><c>database.name</c>, exit 1.</exception>
    public static string CheckPlain(string name) => IsPlain(name) ? name : throw Fault();

    /// <returns>The name, in <c>[A-Za-z0-9._-]</c> and not beginning with a dot.</returns>
    /// <exception cref="DispatchException"><c>database.name</c>, exit 1.</exception>
    public static string Check(string name) => name.Length is > 0 and <= CharsMax && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        ? name
        : throw Fault();

    static DispatchException Fault() => new(
        "database.name",
        "the database names a file or folder of the data folder that is no plain name; expected letters, digits, "
        + "'.', '_' and '-'; somebody changed it: see dispatch audit, and restore the database",
        ExitCode.Failed);
}
