using Dispatch.Worker.Register.Changes;

namespace Dispatch.Worker.Tests.Register;

public sealed class ChangeFieldsTests
{
    [Theory]
    [InlineData("12345678", "+4512345678")]
    [InlineData("12 34 56 78", "+4512345678")]
    [InlineData("+4512345678", "+4512345678")]
    [InlineData("+46 70 123 45 67", "+46701234567")]
    [InlineData("+123456789012345", "+123456789012345")]
    [InlineData("+1234567890123456", null)]
    [InlineData("+0412345678", null)]
    [InlineData("+451234567", null)]
    [InlineData("+45123456789", null)]
    [InlineData("1234567", null)]
    [InlineData("004512345678", null)]
    [InlineData("+45123456a8", null)]
    [InlineData("+", null)]
    [InlineData("१२३४५६७८", null)]
    public void E164_PhoneNumber_IsKeptInOneForm(string text, string? number) =>
        Assert.Equal(number, ChangeFields.E164(text));
}
