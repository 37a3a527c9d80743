namespace Dispatch.PrintExport.Layout;

/// <summary>How a measured strip is drawn.</summary>
enum PlacedKind : byte
{
    /// <summary>As it is in every letter.</summary>
    Constant,

    /// <summary>The first line of a changing paragraph.</summary>
    FirstLine,
    Line,

    /// <summary>A row of its usual height: constant part and changing cells.</summary>
    UsualRow,

    /// <summary>A row with more lines than usual: cell by cell, and the rule below.</summary>
    TallRow,
    PageBreak,
}
