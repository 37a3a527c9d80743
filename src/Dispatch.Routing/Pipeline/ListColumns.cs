using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Pipeline;

/// <summary>Which column of the list feeds what.</summary>
/// <param name="ColumnCount">Fields a well-formed row has.</param>
/// <param name="Recipient">Index of the column <c>recipient</c>.</param>
/// <param name="Reference">Index of the column <c>reference</c>, or −1.</param>
/// <param name="Letter">The columns the letter uses, in the order of its values.</param>
/// <param name="PrintsName">The letter prints the receiver's name, so that digital letters must carry it.</param>
public sealed record ListColumns(
    int ColumnCount, int Recipient, int Reference, IReadOnlyList<LetterColumn> Letter, bool PrintsName);

/// <summary>A column the letter uses.</summary>
/// <param name="Index">0-based place in the list.</param>
/// <param name="Name">Its name in the header, for the detail of a refusal.</param>
/// <param name="Formats">Every format but text the letter uses it with; a value must be of each.</param>
/// <param name="IsRequired">Used outside a condition on itself: must not be empty.</param>
/// <param name="PlainBytesMax">A longer value makes the letter one that must be measured.</param>
public sealed record LetterColumn(
    int Index, string Name, FieldFormat[] Formats, bool IsRequired, int PlainBytesMax = int.MaxValue);
