namespace Dispatch.Worker.Notices;

/// <summary>Phone numbers as the register has them.</summary>
static class PhoneNumber
{
    const int DanishDigits = 8;
    const int DigitsMin = 8;
    const int DigitsMax = 15;   // ITU-T E.164
    const string Denmark = "45";

    /// <returns>E.164, such as <c>+4512345678</c>; null for what is no number.</returns>
    public static string? TryParse(string? text)
    {
        var plain = string.Concat((text ?? "").Where(c => c is not (' ' or '-' or '(' or ')' or '.')));
        var digits = plain.StartsWith('+') ? plain[1..] : plain.StartsWith("00", StringComparison.Ordinal) ? plain[2..]
            : plain.Length == DanishDigits ? Denmark + plain
            : "";
        return digits.Length is >= DigitsMin and <= DigitsMax && digits.All(char.IsAsciiDigit) && digits[0] != '0'
            && (!digits.StartsWith(Denmark, StringComparison.Ordinal) || digits.Length == Denmark.Length + DanishDigits)
                ? "+" + digits
                : null;
    }
}
