using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Notices;

namespace Dispatch.Worker.Tests.Notices;

/// <summary>Contacts, hours, waits and settings.</summary>
public sealed class NoticeRulesTests
{
    static readonly int[] Failures = [1, 2, 7, 8, 30_000];

    [Theory]
    [InlineData("12345678", "+4512345678")]
    [InlineData("12 34 56 78", "+4512345678")]
    [InlineData("+45 12-34-56-78", "+4512345678")]
    [InlineData("004512345678", "+4512345678")]
    [InlineData("+46 (8) 123 456", "+468123456")]
    [InlineData("+299123456", "+299123456")]
    [InlineData("1234567", null)]
    [InlineData("123456789", null)]
    [InlineData("+451234567", null)]
    [InlineData("+1234567890123456", null)]
    [InlineData("+0012345678", null)]
    [InlineData("1234567x", null)]
    [InlineData("12345678\r\nTo: x", null)]
    [InlineData("١٢٣٤٥٦٧٨", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void TryParse_Phone_GivesE164(string? text, string? expected) =>
        Assert.Equal(expected, PhoneNumber.TryParse(text));

    [Theory]
    [InlineData(" a.b+c@example.dk ", "a.b+c@example.dk")]
    [InlineData("søren@example.dk", "søren@example.dk")]
    [InlineData("a@b@example.dk", null)]
    [InlineData("a.@example.dk", null)]
    [InlineData("a..b@example.dk", null)]
    [InlineData("a@[a\\]b]", null)]
    [InlineData("a@", null)]
    [InlineData("a b@example.dk", null)]
    [InlineData("a@example.dk\t", null)]
    [InlineData(null, null)]
    public void TryParse_Email_GivesOneAddress(string? text, string? expected) =>
        Assert.Equal(expected, EmailAddress.TryParse(text));

    [Theory]
    [InlineData("2026-01-10T06:59:59Z", false)]
    [InlineData("2026-01-10T07:00:00Z", true)]
    [InlineData("2026-01-10T19:59:59Z", true)]
    [InlineData("2026-01-10T20:00:00Z", false)]
    [InlineData("2026-07-10T06:00:00Z", true)]
    [InlineData("2026-07-10T19:00:00Z", false)]
    public void Include_Moment_IsDaytimeInCopenhagen(string moment, bool isIn) => Assert.Equal(
        isIn,
        new SmsHours(new(8, 0), new(21, 0)).Include(
            DateTimeOffset.Parse(moment, global::System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void After_Failures_DoublesUpToAnHour() => Assert.Equal(
        "00:00:30 00:01:00 00:32:00 01:04:00 01:04:00",
        string.Join(' ', Failures.Select(NoticeRetry.After)));

    [Fact]
    public void Of_AnythingElse_IsAnotherKey()
    {
        byte[] content = [1, 2, 3];
        var key = NoticeKey.Of(content, "19552101", "a", 1, NoticeChannel.Email);
        Assert.Equal(key, NoticeKey.Of(content, "19552101", "a", 1, NoticeChannel.Email));
        Assert.Equal(5, new[]
        {
            key, NoticeKey.Of([1, 2], "19552101", "a", 1, NoticeChannel.Email),
            NoticeKey.Of(content, "19552101", "b", 1, NoticeChannel.Email),
            NoticeKey.Of(content, "19552101", "a", 2, NoticeChannel.Email),
            NoticeKey.Of(content, "19552101", "a", 1, NoticeChannel.Sms),
        }.Distinct().Count());
        Assert.Equal(key, new NoticeMessage(key, "a@example.dk", "s", "t").ToString());
    }

    [Theory]
    [InlineData("mail.example", "post@example.dk", "None", "", "", false)]
    [InlineData("127.0.0.1", "post@example.dk", "None", "", "", true)]
    [InlineData("mail.example", "", "StartTls", "", "", false)]
    [InlineData("mail.example", "post@example.dk", "StartTls", "user", "", false)]
    [InlineData("mail.example", "post@example.dk", "Implicit", "", "", true)]
    [InlineData("", "", "StartTls", "", "http://sms.example/", false)]
    [InlineData("", "", "StartTls", "", "http://127.0.0.1:80/", true)]
    [InlineData("", "", "StartTls", "", "https://sms.example/", true)]
    public void Check_Settings_LetNobodysAddressTravelInTheClear(
        string host, string from, string tls, string user, string url, bool isGood)
    {
        var settings = new NoticeSettings
        {
            Email = new() { Host = host, From = from, Tls = Enum.Parse<EmailTls>(tls), User = user },
            Sms = new() { Url = url },
        };
        var fault = Record.Exception(() => NoticeRules.Check(settings));
        Assert.Equal(isGood ? null : "notices.settings", (fault as DispatchException)?.Code);
    }
}
