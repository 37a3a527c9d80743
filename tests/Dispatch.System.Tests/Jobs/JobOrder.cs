using System.Globalization;
using System.Text.Json.Nodes;
using Dispatch.System.Tests.Oracle;

namespace Dispatch.System.Tests.Jobs;

/// <summary>What goes into job.json.</summary>
sealed record JobOrder
{
    public required string Reference { get; init; }

    public JobRules Rules { get; init; } = new();

    /// <summary>One means: never stop, however many rows are refused.</summary>
    public double? StopAtRefusedShare { get; init; } = 1;

    public DateTimeOffset? NotBefore { get; init; }

    public string Approval { get; init; } = "none";

    public string Title { get; init; } = "Prøvebrev";

    public bool JoinsHouseholds { get; init; }

    public string Key => $"{Rules.SenderCvr}/{Reference}";

    public string ToJson()
    {
        var job = new JsonObject
        {
            ["reference"] = Reference,
            ["sender"] = new JsonObject
            {
                ["cvr"] = Rules.SenderCvr,
                ["name"] = "Prøvestyrelsen",
                ["kind"] = Rules.IsPrivate ? "private" : "public",
                ["returnAddress"] = new JsonArray("Prøvestyrelsen", "Prøvegade 1", "2450 København SV"),
            },
            ["messageType"] = Rules.MessageType,
            ["title"] = Title,
            ["recipients"] = new JsonObject { ["file"] = "recipients.csv" },
            ["letter"] = "letter.md",
            ["channel"] = Rules.Channel,
            ["approval"] = Approval,
        };
        if (Rules.IsPrivate)
        {
            job["unregistered"] = Rules.RefusesUnregistered ? "refuse" : "paper";
        }

        if (StopAtRefusedShare is { } share)
        {
            job["stopAtRefusedShare"] = share;
        }

        if (JoinsHouseholds)
        {
            job["paper"] = new JsonObject { ["household"] = true };
        }

        if (NotBefore is { } notBefore)
        {
            job["notBefore"] = notBefore.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        }

        return job.ToJsonString();
    }
}
