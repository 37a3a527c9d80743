namespace Dispatch.PrintExport.Handoff;

/// <summary>What lies in the outbox under a file's name.</summary>
public enum OutboxFile
{
    Absent,

    /// <summary>The batch's own file: size and hash are as recorded.</summary>
    Same,

    /// <summary>Something else, which is left alone.</summary>
    Other,
}
