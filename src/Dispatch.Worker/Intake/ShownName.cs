using System.Globalization;
using System.Text;

namespace Dispatch.Worker.Intake;

/// <summary>
/// A name that came from outside, fit for a message: one line, in single quotes, cut when long. Six digits or more in a
/// row are masked, for a CPR number may stand in a file's or a column's name.
/// </summary>
static class ShownName
{
    const int CharsMax = 60;
    const int DigitsShownMax = 5;

    public static string Of(string name)
    {
        var text = new StringBuilder("'");
        var digits = 0;
        for (var i = 0; i < name.Length && text.Length <= CharsMax; i++)
        {
            var c = name[i];
            digits = char.IsDigit(c) ? digits + 1 : 0;
            if (digits > DigitsShownMax)
            {
                text.Length -= digits == DigitsShownMax + 1 ? DigitsShownMax : 0;
                text.Append(digits == DigitsShownMax + 1 ? "######" : "#");
            }
            else
            {
                text.Append(IsPlain(c) ? c : '?');
            }
        }

        return text.Append(text.Length > CharsMax ? "…'" : "'").ToString();
    }

    static bool IsPlain(char c) => c != '\'' && CharUnicodeInfo.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
