namespace Dispatch.System.Tests.Oracle;

/// <summary>A column the letter uses.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Format">text, number, money, date or date-long.</param>
/// <param name="IsRequired">Used outside a condition on itself.</param>
sealed record LetterField(string Column, string Format, bool IsRequired);
