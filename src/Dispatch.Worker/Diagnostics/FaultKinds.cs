using Npgsql;

namespace Dispatch.Worker.Diagnostics;

/// <summary>What may be told of an exception that is not ours: its kind, and those of its causes. Its message may quote a
/// row, and is nobody's to log.</summary>
static class FaultKinds
{
    const int DepthMax = 16;

    /// <summary>From the outermost to the first cause, with the state a database server gave.</summary>
    public static string Of(Exception exception)
    {
        var kinds = new List<string>();
        for (var e = exception; e is not null && kinds.Count < DepthMax; e = e.InnerException)
        {
            kinds.Add(e is PostgresException { SqlState: var state } ? $"{e.GetType().Name} {state}" : e.GetType().Name);
        }

        return string.Join(" < ", kinds);
    }
}
