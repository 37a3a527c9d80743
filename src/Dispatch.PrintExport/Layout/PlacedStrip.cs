namespace Dispatch.PrintExport.Layout;

/// <summary>A strip of one letter, measured.</summary>
/// <param name="Item">Index into <see cref="LetterLayout.Items"/>; −1 for a page break.</param>
/// <param name="FirstLine">
/// Changing paragraph: its line. Row: index of its first entry in the measured cells, one per table column.
/// </param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="HeaderAt">Body row: index of its table's header among the placed strips; else −1.</param>
readonly record struct PlacedStrip(
    int Item, int FirstLine, PlacedKind Kind, bool KeepsNext, int Space, int Height, int HeaderAt);
