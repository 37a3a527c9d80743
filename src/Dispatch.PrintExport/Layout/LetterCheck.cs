using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>Whether a letter can be composed, and how much paper it takes.</summary>
/// <param name="Reason"><see cref="Reason.None"/> when it fits, else one of the three <c>render.*</c> reasons, or
/// <c>field.missing</c> when nothing of the letter is left.</param>
/// <param name="Detail">A code point such as <c>U+4E2D</c>, the line of a table row in letter.md,
/// <see cref="BlankLetter"/> or empty; never text of the letter.</param>
/// <param name="Pages">With a blank back; 0 when it does not fit.</param>
/// <param name="Sheets">Sheets of paper.</param>
public readonly record struct LetterCheck(Reason Reason, string Detail, int Pages, int Sheets)
{
    /// <summary>Every condition is false and nothing stands outside them.</summary>
    public const string BlankLetter = "blank letter";
}
