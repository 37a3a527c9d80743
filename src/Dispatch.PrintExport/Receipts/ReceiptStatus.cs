namespace Dispatch.PrintExport.Receipts;

/// <summary>What a line of a receipt file says; docs/file-formats.md.</summary>
public enum ReceiptStatus
{
    /// <summary>The print house has the batch whole; a line without a piece.</summary>
    Accepted,

    /// <summary>It will not print this: the batch, or one piece.</summary>
    Rejected,

    Printed,

    Posted,

    /// <summary>Damaged before it was posted; it needs a reprint.</summary>
    Spoiled,

    /// <summary>Came back from the post.</summary>
    Returned,
}
