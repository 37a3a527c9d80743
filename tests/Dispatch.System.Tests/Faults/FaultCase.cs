namespace Dispatch.System.Tests.Faults;

/// <summary>A fault, and how it is brought about.</summary>
/// <param name="Id">Of the list of faults: F and a number.</param>
/// <param name="Strike">Brings it about while the job is sent, and heals it; gives what else was seen, in a few
/// words.</param>
sealed record FaultCase(string Id, string Name, Func<FaultRun, Task<string>> Strike)
{
    /// <summary>Of the workers.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The case submits the job itself; else it is running when the fault strikes.</summary>
    public bool IsAtIntake { get; init; }

    /// <summary>The server, or only its log, is on a disk of its own.</summary>
    public ServerPart OnOwnDisk { get; init; }

    /// <summary>What the audit rightly finds afterwards, as <c>I-43</c>.</summary>
    public IReadOnlyList<string> Violates { get; init; } = [];

    /// <summary>Part of the short set.</summary>
    public bool IsTelling { get; init; }

    public override string ToString() => $"{Id} {Name}";
}
