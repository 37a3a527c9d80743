using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Identity;

/// <summary>A Danish company number: eight digits with weights 2 7 6 5 4 3 2 1 whose weighted sum is divisible by 11.
/// </summary>
public readonly record struct CvrNumber(uint Value)
{
    /// <summary>Number of digits.</summary>
    public const int Digits = 8;

    static ReadOnlySpan<byte> Weights => [2, 7, 6, 5, 4, 3, 2, 1];

    public override string ToString() => Value.ToString("D8", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether a recipient is to be read as a company number: exactly eight digits.</summary>
    public static bool HasForm(ReadOnlySpan<byte> text) =>
        text.Length == Digits && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <param name="text">Eight digits, as <see cref="HasForm"/> demands.</param>
    /// <returns><see cref="Reason.None"/> or <see cref="Reason.CvrCheck"/>.</returns>
    public static Reason Parse(ReadOnlySpan<byte> text, out CvrNumber number)
    {
        var sum = 0;
        var value = 0u;
        for (var i = 0; i < Digits; i++)
        {
            var digit = text[i] - '0';
            sum += digit * Weights[i];
            value = value * 10 + (uint)digit;
        }

        number = new(value);
        return sum % 11 == 0 && value != 0 ? Reason.None : Reason.CvrCheck;
    }
}
