namespace Dispatch.PrintExport.Receipts;

/// <summary>What became of a line of a receipt file.</summary>
public enum ReceiptVerdict
{
    /// <summary>It moved its piece or batch on.</summary>
    Applied,

    /// <summary>It was known.</summary>
    Repeated,

    /// <summary>Its piece is further already: receipts came in another order.</summary>
    Late,

    /// <summary>It cannot be true beside what was said before; nothing changes.</summary>
    Contradiction,

    /// <summary>The piece was printed or posted before: two envelopes of one letter may be out.</summary>
    Duplicate,
}
