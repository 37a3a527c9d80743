namespace Dispatch.PrintExport.Receipts;

/// <summary>How far a handed-off batch is, by what its print house said of it.</summary>
public enum BatchState
{
    HandedOff,

    Accepted,

    /// <summary>Something was said of every piece, and not only that it is rejected.</summary>
    Printed,

    Rejected,
}
