using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Tests.Intake;

public sealed class JobOrderTests
{
    static readonly string Good = IntakeSite.OrderJson("job-1");

    [Fact]
    public void Parse_KeysLeftOut_TakeTheirDefaults()
    {
        var order = Parse(Good);

        Assert.Equal(JobChannel.Auto, order.Channel);
        Assert.False(order.RefusesUnregistered);
        Assert.False(order.NeedsApproval);
        Assert.Equal(0.05m, order.StopAtRefusedShare);
        Assert.Equal(
            new PaperOrder { Envelope = "C5-left", Postage = "economy", IsDuplex = true, IsColour = false },
            order.Paper);
        Assert.Equal(
            new RecipientsOrder("recipients.csv") { Separator = ';', Encoding = ListEncoding.Utf8 }, order.Recipients);
        Assert.Equal("da-DK", order.Recipients.Culture);
        Assert.Null(order.NotBefore);
    }

    [Fact]
    public void Parse_EveryKey_IsRead()
    {
        var order = Parse("""
            {
              "reference": "2026.a_B-1",
              "sender": { "cvr": "19552101", "name": "Banken", "kind": "private",
                "returnAddress": ["A", "B", "C", "D", "E"] },
              "messageType": "state-payslip", "title": "Løn",
              "recipients": { "file": "list.csv", "separator": "\t", "encoding": "utf-16", "culture": "da-DK",
                "expectedRows": 7, "sha256": "00000000000000000000000000000000000000000000000000000000000000aF" },
              "letter": "brev.md", "channel": "digital-only", "unregistered": "refuse",
              "paper": { "envelope": "C4-left", "postage": "registered", "duplex": false, "colour": true },
              "notBefore": "2026-03-09T06:00:00+01:00", "approval": "required", "stopAtRefusedShare": 1
            }
            """);

        Assert.True(order.Sender.IsPrivate && order.RefusesUnregistered && order.NeedsApproval);
        Assert.Equal(["A", "B", "C", "D", "E"], order.Sender.ReturnAddress);
        Assert.Equal(JobChannel.DigitalOnly, order.Channel);
        Assert.Equal(
            ('\t', ListEncoding.Utf16, 7),
            (order.Recipients.Separator, order.Recipients.Encoding, order.Recipients.ExpectedRows));
        Assert.EndsWith("aF", order.Recipients.Sha256, StringComparison.Ordinal);
        Assert.Equal(("C4-left", "registered", false, true),
            (order.Paper.Envelope, order.Paper.Postage, order.Paper.IsDuplex, order.Paper.IsColour));
        Assert.Equal(new DateTimeOffset(2026, 3, 9, 6, 0, 0, TimeSpan.FromHours(1)), order.NotBefore);
        Assert.Equal(1m, order.StopAtRefusedShare);
    }

    [Fact]
    public void Parse_ByteOrderMark_IsPassedOver() => Assert.Equal("job-1", Parse("\uFEFF" + Good).Reference);

    [Theory]
    [InlineData("\"kind\": \"public\", ", "", "job.value", "$.sender.kind is missing")]
    [InlineData("19552101", "19552102", "job.value", "check digit")]
    [InlineData("\"test\"", "\"Test\"", "job.value", "$.messageType")]
    [InlineData("\"recipients.csv\"", "\"a/b.csv\"", "job.value", "$.recipients.file")]
    [InlineData("\"recipients.csv\"", "\"..\"", "job.value", "$.recipients.file")]
    [InlineData("\"recipients.csv\"", "\"letter.md\"", "job.value", "$.letter")]
    [InlineData("\"recipients.csv\"", "\"a\", \"culture\": \"en-US\"", "job.value", "$.recipients.culture")]
    [InlineData("\"recipients.csv\"", "\"a\", \"expectedRows\": 0", "job.value", "$.recipients.expectedRows")]
    [InlineData("\"letter\":", "\"notBefore\": \"2026-02-30T06:00:00Z\", \"letter\":", "job.value", "does not exist")]
    [InlineData("\"letter\":", "\"notBefore\": \"2026-03-09T06:00:00\", \"letter\":", "job.value", "$.notBefore")]
    [InlineData("\"letter\":", "\"stopAtRefusedShare\": 1.5, \"letter\":", "job.value", "$.stopAtRefusedShare")]
    [InlineData("\"letter\":", "\"paper\": { \"household\": 1 }, \"letter\":", "job.value", "$.paper.household")]
    [InlineData("\"letter\":", "\"paper\": { \"household\": true, \"postage\": \"registered\" }, \"letter\":",
        "job.value", "one person signs")]
    [InlineData("\"letter\":", "\"other\": 1, \"letter\":", "job.unknown_key", "'other'")]
    [InlineData("\"letter\":", "\"title\": \"x\", \"letter\":", "job.duplicate_key", "$.title")]
    [InlineData("\"letter\":", "/* x */ \"letter\":", "job.syntax", "line 7")]
    [InlineData("\"letter.md\"", "\"letter.md\",", "job.syntax", "not JSON")]
    [InlineData("\"test\"", "\"\\ud800\"", "job.syntax", "surrogate")]
    public void Parse_Fault_IsToldWithItsPath(string old, string replacement, string code, string part)
    {
        var fault = Assert.Throws<DispatchException>(
            () => Parse(Good.Replace(old, replacement, StringComparison.Ordinal)));

        Assert.Equal((code, ExitCode.Refused), (fault.Code, fault.Exit));
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("null", "null")]
    public void Parse_JsonOfAnotherKind_IsSaidToBeNoObject(string json, string kind)
    {
        var fault = Assert.Throws<DispatchException>(() => Parse(json));

        Assert.Equal("job.syntax", fault.Code);
        Assert.Contains($" is {kind}, expected an object", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralFaults_AreAllToldAtOnce()
    {
        var fault = Assert.Throws<DispatchException>(() => Parse("""{ "reference": 1, "title": "" }"""));

        Assert.Contains("$.reference", fault.Message, StringComparison.Ordinal);
        Assert.Contains("$.sender", fault.Message, StringComparison.Ordinal);
        Assert.Contains("more; correct it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NumberInTheWrongPlace_IsNotShown()
    {
        var fault = Assert.Throws<DispatchException>(
            () => Parse(Good.Replace("19552101", IntakeSite.Cpr, StringComparison.Ordinal)));

        Assert.DoesNotContain(IntakeSite.Cpr, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void Parse_TitleLength_CountsCodePoints(int length, bool isGood)
    {
        var title = string.Concat(Enumerable.Repeat("📮", length));
        var fault = Record.Exception(() => Parse(Good.Replace("Prøvebrev", title, StringComparison.Ordinal)));

        Assert.Equal(isGood, fault is null);
    }

    static JobOrder Parse(string json) => JobOrder.Parse(Encoding.UTF8.GetBytes(json), "job.json");
}
