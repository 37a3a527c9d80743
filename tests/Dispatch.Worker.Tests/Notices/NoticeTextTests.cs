using Dispatch.Worker.Notices;

namespace Dispatch.Worker.Tests.Notices;

public sealed class NoticeTextTests
{
    [Theory]
    [InlineData("A.P. Møller v/Jens Ø. Bang I/S, 2. afd.", "A.P. Møller v/Jens Ø. Bang I/S, 2. afd.")]
    [InlineData("Bolig.dk A/S", "Bolig dk A/S")]
    [InlineData("Skat t.co", "Skat t co")]
    [InlineData("Skat betal\uFF0Enu", "Skat betal nu")]
    [InlineData("Skat betale\u0301.nu", "Skat betale\u0301 nu")]
    [InlineData("Skat 1.1.1.1", "Skat 1 1 1 1")]
    [InlineData("Skat\r\nBcc: a", "Skat  Bcc: a")]
    public void Of_SendersName_HoldsNothingAPhoneMakesALinkOf(string name, string written)
    {
        var (subject, text) = NoticeText.Of(NoticeChannel.Sms, "da", name, isOwner: true, "borger.dk");

        Assert.Equal($"Ny digital post fra {written}", subject);
        Assert.StartsWith($"Du har fået ny digital post fra {written}.", text, StringComparison.Ordinal);
    }
}
