namespace Dispatch.PrintExport.Handoff;

/// <summary>How far the database says a batch has come.</summary>
public enum BatchProgress
{
    /// <summary>Its pieces and their order are fixed; no file is known yet.</summary>
    Planned,

    /// <summary>Its files have been made once; size and hash are recorded.</summary>
    Composed,

    /// <summary>Recorded before the first file may leave the staging folder.</summary>
    HandoffStarted,

    HandedOff,
}
