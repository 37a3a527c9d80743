using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Pipeline;

/// <summary>What the router found for one row.</summary>
/// <param name="Reason">The decision so far; a paper decision still needs an address (rule 17) and every letter that is
/// not plain needs measuring (rule 18).</param>
/// <param name="Index">Index of the person or company in the snapshot; −1 when none was reached.</param>
/// <param name="Facts">What the decision was made of.</param>
/// <param name="ValuesLength">Bytes of the letter's values written so far: reference and list fields.</param>
/// <param name="IsPlain">All values are plain text and short fields only.</param>
/// <param name="DetailColumn">Index into the letter's columns of the faulty value; −1 none, −2 the recipient, −3 the
/// reference, −4 a column the letter does not use.</param>
/// <param name="DetailCodePoint">The forbidden character, or 0.</param>
public readonly record struct RoutedRow(
    Reason Reason, int Index, EffectFacts Facts, int ValuesLength, bool IsPlain, int DetailColumn = RoutedRow.NoColumn,
    int DetailCodePoint = 0)
{
    public const int NoColumn = -1;
    public const int RecipientColumn = -2;
    public const int ReferenceColumn = -3;
    public const int UnusedColumn = -4;

    public Channel Channel => Reason.Channel();
}
