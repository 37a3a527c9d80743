using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dispatch.Routing.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Routing.Tests.Rules;

public sealed class FieldFormatsTests
{
    [Theory]
    [InlineData(FieldFormat.Number, "5", "5")]
    [InlineData(FieldFormat.Number, "-12.345,6789", "-12.345,6789")]
    [InlineData(FieldFormat.Number, "1234567", "1234567")]
    [InlineData(FieldFormat.Money, "12345,5", "12.345,50")]
    [InlineData(FieldFormat.Money, "-12345678", "-12.345.678,00")]
    [InlineData(FieldFormat.Money, "999,99", "999,99")]
    [InlineData(FieldFormat.Money, "1.000", "1.000,00")]
    [InlineData(FieldFormat.Money, "0", "0,00")]
    [InlineData(FieldFormat.Money, "0001234", "1.234,00")]
    [InlineData(FieldFormat.Money, "-0,05", "-0,05")]
    [InlineData(FieldFormat.Date, "2026-03-09", "09-03-2026")]
    [InlineData(FieldFormat.Date, "29-02-2028", "29-02-2028")]
    [InlineData(FieldFormat.DateLong, "2026-03-09", "9. marts 2026")]
    [InlineData(FieldFormat.DateLong, "31-12-2025", "31. december 2025")]
    [InlineData(FieldFormat.Text, "<b>*x* {{y}}", "<b>*x* {{y}}")]
    [InlineData(FieldFormat.Money, "", "")]
    [InlineData(FieldFormat.DateLong, "", "")]
    public void Write_ValidValue_ShowsDanishForm(FieldFormat format, string value, string shown)
    {
        Assert.True(FieldFormats.IsValid(format, Encoding.UTF8.GetBytes(value)));
        Assert.Equal(shown, Show(format, value));
    }

    [Theory]
    [InlineData(FieldFormat.Number, "1,234.56")]
    [InlineData(FieldFormat.Number, "1234.567")]
    [InlineData(FieldFormat.Number, "12.34")]
    [InlineData(FieldFormat.Number, "1.2345")]
    [InlineData(FieldFormat.Number, ".123")]
    [InlineData(FieldFormat.Number, "1.234.")]
    [InlineData(FieldFormat.Number, "1..234")]
    [InlineData(FieldFormat.Number, ",5")]
    [InlineData(FieldFormat.Number, "5,")]
    [InlineData(FieldFormat.Number, "-")]
    [InlineData(FieldFormat.Number, "--5")]
    [InlineData(FieldFormat.Number, "+5")]
    [InlineData(FieldFormat.Number, "−5")]
    [InlineData(FieldFormat.Number, "NaN")]
    [InlineData(FieldFormat.Number, "1e3")]
    [InlineData(FieldFormat.Number, "5 kr.")]
    [InlineData(FieldFormat.Number, "٥")]
    [InlineData(FieldFormat.Money, "5,123")]
    [InlineData(FieldFormat.Money, "1,2,3")]
    [InlineData(FieldFormat.Date, "2026-02-30")]
    [InlineData(FieldFormat.Date, "2026-02-29")]
    [InlineData(FieldFormat.Date, "0000-01-01")]
    [InlineData(FieldFormat.Date, "32-13-2026")]
    [InlineData(FieldFormat.Date, "32.13.26")]
    [InlineData(FieldFormat.Date, "09-03-26")]
    [InlineData(FieldFormat.Date, "2026/03/09")]
    [InlineData(FieldFormat.DateLong, "2026-13-09")]
    [InlineData(FieldFormat.DateLong, "9. marts 2026")]
    public void IsValid_ValueOfOtherForm_IsFalse(FieldFormat format, string value)
    {
        Assert.False(FieldFormats.IsValid(format, Encoding.UTF8.GetBytes(value)));
    }

    [Fact]
    public void IsValid_EveryShortText_IsWhatTheGrammarSays()
    {
        // Digits, optional groups of three, optional decimals: every text of up to seven of these characters.
        const string Alphabet = "7.,-x";
        var number = new Regex(@"^-?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?\z", RegexOptions.NonBacktracking);
        var money = new Regex(@"^-?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]{1,2})?\z", RegexOptions.NonBacktracking);
        var texts = new List<string> { "" };
        for (var (length, from) = (1, 0); length <= 7; length++)
        {
            var last = texts[from..];
            from = texts.Count;
            texts.AddRange(last.SelectMany(text => Alphabet.Select(character => text + character)));
        }

        Assert.DoesNotContain(texts.Skip(1), text =>
            FieldFormats.IsValid(FieldFormat.Number, Encoding.UTF8.GetBytes(text)) != number.IsMatch(text)
            || FieldFormats.IsValid(FieldFormat.Money, Encoding.UTF8.GetBytes(text)) != money.IsMatch(text));
        Assert.Equal(97_656, texts.Count);
    }

    [Fact]
    public void Write_ValueOfOtherForm_ThrowsWithoutTheValue()
    {
        var fault = Assert.Throws<FormatException>(() => Show(FieldFormat.Money, "secret"));
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnyAmount_EqualsTheFrameworksDanishForm()
    {
        var danish = CultureInfo.GetCultureInfo("da-DK");
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), hundredths =>
        {
            var amount = hundredths / 100m;
            return Show(FieldFormat.Money, amount.ToString("0.##", danish)) == amount.ToString("#,##0.00", danish);
        }).QuickCheckThrowOnFailure();
    }

    static string Show(FieldFormat format, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var shown = new byte[FieldFormats.DisplayBytesMax(bytes.Length)];
        return Encoding.UTF8.GetString(shown, 0, FieldFormats.Write(format, bytes, shown));
    }
}
