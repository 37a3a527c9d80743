namespace Dispatch.PrintExport.Receipts;

/// <summary>How far a piece is, by what its print house said of it.</summary>
public enum PieceState
{
    /// <summary>Nothing was said of it yet.</summary>
    HandedOff,

    Printed,

    Posted,

    Spoiled,

    Returned,

    Rejected,
}
