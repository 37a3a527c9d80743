using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>What a sender may call itself: it stands in notices.</summary>
static partial class SenderName
{
    public const string Expected =
        "1 to 130 characters on one line, no web address or phone number, and none that cannot be seen";

    /// <summary>Nothing in it that a phone makes a link of, or that shows another name.</summary>
    public static bool Fits(string name) =>
        !Link().IsMatch(name) && !Number().IsMatch(name)
        && !name.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format);

    // A dot between letters without a space is read as a domain's; initials ("A.P. Møller") are not: no domain ends
    // with one letter. The other dots are those that domain names take for one.
    [GeneratedRegex(
        @"://|[Ww][Ww][Ww]\.|[\p{L}\p{M}\p{N}]{2}[.\u3002\uFF0E\uFF61][\p{L}\p{N}]"
        + @"|[\p{L}\p{M}\p{N}][.\u3002\uFF0E\uFF61][\p{L}\p{N}]{2}|\p{N}[.\u3002\uFF0E\uFF61]\p{N}",
        RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"\p{Nd}([\p{Zs}.()/-]*\p{Nd}){7}", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
