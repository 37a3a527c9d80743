using System.Text;
using System.Text.Json.Nodes;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>docs/job.schema.json and the parser take and refuse the same orders.</summary>
public sealed class JobSchemaTests
{
    static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(FindSchema()))!.AsObject();

    // Each stands in for every value of the order in turn; the parser and the schema must agree on each.
    static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "0.5", "1.5", "7", "2147483647", "2147483648", "\"\"", "\" \"",
        "\"x\"", "\"X\"",
        "\"x\\ny\"", "\"x\\n\"", "\"\\u0085\"", "\"\\u2028\"", "\".\"", "\"..\"", "\"...\"", "\"a/b\"", "\"a\\u0000b\"",
        "[]", "{}",
        "[\"x\"]", "[\"x\",\"\"]", "[1]", "[\"1\",\"2\",\"3\",\"4\",\"5\"]", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]",
        "\"19552101\"",
        "\"1955210\"", "\"public\"", "\"private\"", "\"su\"", "\"state-payslip\"", "\"auto\"", "\"digital-only\"",
        "\"paper-only\"",
        "\"paper\"", "\"refuse\"", "\"none\"", "\"required\"", "\";\"", "\",\"", "\"\\t\"", "\"|\"", "\":\"",
        "\"utf-8\"", "\"utf-16\"",
        "\"windows-1252\"", "\"UTF-8\"", "\"da-DK\"", "\"en-US\"", "\"C5-left\"", "\"C4-left\"", "\"c5-left\"",
        "\"economy\"",
        "\"standard\"", "\"registered\"", "\"express\"", "\"2026-03-09T06:00:00+01:00\"", "\"2026-03-09T06:00:00Z\"",
        "\"2026-03-09T06:00:00.123Z\"", "\"2026-03-09T06:00:00\"", "\"2026-03-09\"",
        "\"00000000000000000000000000000000000000000000000000000000000000aF\"",
        "\"0000000000000000000000000000000000000000000000000000000000000000 \"",
    ];

    static readonly JsonObject Full = JsonNode.Parse("""
        {
          "reference": "r", "messageType": "su", "title": "t", "letter": "letter.md", "channel": "auto", "unregistered": "paper",
          "notBefore": null, "drip": { "perHour": 7 }, "approval": "none", "stopAtRefusedShare": 0.1,
          "sender": { "cvr": "19552101", "name": "n", "kind": "public", "returnAddress": ["a"] },
          "recipients": { "file": "recipients.csv", "separator": ";", "encoding": "utf-8", "culture": "da-DK", "expectedRows": null,
            "sha256": null },
          "paper": { "envelope": "C5-left", "postage": "economy", "duplex": true, "colour": false, "household": false }
        }
        """)!.AsObject();

    public static TheoryData<string> Paths => [.. PathsOf(Schema, "")];

    [Fact]
    public void Schema_EveryKeyGiven_IsTakenByBoth()
    {
        Assert.Equal(PathsOf(Schema, "").Order(), PathsOf(Full).Order());
        AssertAgreed(Full, isGood: true);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Schema_AnyValueOfAKey_IsJudgedAlike(string path)
    {
        foreach (var value in Values)
        {
            AssertAgreed(With(path, order => order.Parent[order.Key] = JsonNode.Parse(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Schema_KeyLeftOut_IsJudgedAlike(string path) =>
        AssertAgreed(With(path, order => order.Parent.Remove(order.Key)));

    [Theory]
    [MemberData(nameof(Paths))]
    public void Schema_UnknownKeyBesideAKnown_IsRefusedByBoth(string path) =>
        AssertAgreed(With(path, order => order.Parent[order.Key + "X"] = 1), isGood: false);

    [Theory]
    [InlineData("title", 200)]
    [InlineData("sender.name", 130)]
    [InlineData("recipients.file", 255)]
    [InlineData("reference", 64)]
    [InlineData("messageType", 64)]
    public void Schema_LongestText_IsJudgedAlike(string path, int lengthMax)
    {
        AssertAgreed(With(path, order => order.Parent[order.Key] = new string('x', lengthMax)), isGood: true);
        AssertAgreed(With(path, order => order.Parent[order.Key] = new string('x', lengthMax + 1)), isGood: false);
    }

    [Theory]
    [InlineData("A.P. Møller v/Jens Ø. Bang I/S, 2. afd. 1995-96", true)]
    [InlineData("Nordre Kr. Sogn. Pr. 1", true)]
    [InlineData("Skat betal.nu/x", false)]
    [InlineData("Skat t.co", false)]
    [InlineData("Skat betal\uFF0Enu", false)]
    [InlineData("Skat betale\u0301.nu", false)]
    [InlineData("Skat 1.1.1.1", false)]
    [InlineData("ring 70201020", false)]
    [InlineData("ring 70 20 10 20", false)]
    [InlineData("ring 70-20-10-20", false)]
    [InlineData("Skat\u200B", false)]
    [InlineData("Ska\u00ADt", false)]
    [InlineData("SKAT https://betal.example", false)]
    [InlineData("wWw.betal.example", false)]
    [InlineData("Skat\u202Ereknab", false)]
    [InlineData("Skat\u0007", false)]
    public void Schema_SenderNameThatNoticesCannotCarry_IsRefusedByBoth(string name, bool isGood) =>
        AssertAgreed(With("sender.name", order => order.Parent[order.Key] = name), isGood);

    static void AssertAgreed(JsonObject order, bool? isGood = null)
    {
        var json = order.ToJsonString();
        var bySchema = SchemaCheck.IsValid(Schema, JsonNode.Parse(json));
        var fault = Record.Exception(() => JobOrder.Parse(Encoding.UTF8.GetBytes(json), "job.json"));

        Assert.True(fault is null or DispatchException, $"{fault}");
        Assert.True(bySchema == fault is null, $"the schema says {bySchema}, the parser {fault?.Message ?? "true"}: "
            + $"{json}");
        Assert.Equal(isGood ?? bySchema, bySchema);
    }

    static JsonObject With(string path, Action<(JsonObject Parent, string Key)> change)
    {
        var order = Full.DeepClone().AsObject();
        var keys = path.Split('.');
        change((keys.Length == 1 ? order : order[keys[0]]!.AsObject(), keys[^1]));
        return order;
    }

    static IEnumerable<string> PathsOf(JsonObject schema, string prefix) => schema["properties"]!.AsObject().SelectMany(
        property => property.Value!["properties"] is null
            ? [prefix + property.Key]
            : PathsOf(property.Value.AsObject(), prefix + property.Key + ".").Prepend(prefix + property.Key));

    static IEnumerable<string> PathsOf(JsonObject order) =>
        order.SelectMany(property => property.Value is JsonObject inner
        ? inner.Select(item => $"{property.Key}.{item.Key}").Prepend(property.Key)
        : [property.Key]);

    static string FindSchema() => Repository.Find("docs/job.schema.json");
}
