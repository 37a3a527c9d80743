using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>What a sender may call itself: it stands in notices.</summary>
static partial class SenderName
{
    public const string Expected =
        "1 to 130 characters on one line, no web address, and none that cannot be seen or turns text";

    /// <summary>Nothing in it that shows another name, or an address to go to. A domain alone is a name that companies
    /// have; notices write it apart.</summary>
    public static bool Fits(string name) =>
        !Address().IsMatch(name)
        && !name.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format);

    /// <summary>Whether a phone would ring a part of it: eight digits, with or without something between
    /// them.</summary>
    public static bool HoldsPhoneNumber(string name) => PhoneNumber().IsMatch(name);

    [GeneratedRegex(
        @"://|[Ww][Ww][Ww]\.|[\p{L}\p{M}\p{N}][.\u3002\uFF0E\uFF61][\p{L}\p{M}\p{N}]+/", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(@"\p{Nd}([\p{Zs}.()/-]*\p{Nd}){7}", RegexOptions.NonBacktracking)]
    private static partial Regex PhoneNumber();
}
