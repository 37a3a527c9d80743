using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dispatch.Routing;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// Reads <c>job.json</c> strictly: no comments, no trailing commas, no key twice, no key that is not known. The same
/// rules stand in <c>docs/job.schema.json</c>; a test keeps the two in step.
/// </summary>
static partial class JobOrderReader
{
    const int ReturnAddressLinesMax = 5;
    const string Registered = "registered";
    const int FaultsShownMax = 5;

    public static JobOrder Read(ReadOnlySpan<byte> json, string fileName)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            var faults = new List<(string Code, string Text)>();
            var order = Read(document.RootElement, fileName, faults);
            return faults.Count == 0 ? order : throw Refused(faults, fileName);
        }
        catch (JsonException fault)
        {
            var where = fault.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $"{fileName} line {line + 1}, byte "
                    + $"{fault.BytePositionInLine + 1}")
                : fileName;
            throw new DispatchException(
                "job.syntax", $"{where} is not JSON (UTF-8, no comments, no trailing commas); correct it and submit "
                + "again");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader says of text with half a surrogate pair.
            throw new DispatchException(
                "job.syntax", $"{fileName} holds an escape that is no character; expected whole surrogate pairs; "
                + "correct it and submit again");
        }
    }

    static JobOrder Read(JsonElement root, string fileName, List<(string Code, string Text)> faults)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new DispatchException(
                "job.syntax",
                $"{fileName} is {JsonFields.Kind(root)}, expected an object; correct it and submit again");
        }

        var job = new JsonFields(
            root, "$", faults,
            "reference", "sender", "messageType", "title", "recipients", "letter", "channel", "unregistered", "paper",
            "notBefore", "drip", "approval", "stopAtRefusedShare");
        var order = new JobOrder
        {
            Reference = job.Text("reference", true, Reference(), "1 to 64 of A-Z a-z 0-9 . _ -") ?? "",
            Sender = ReadSender(job.Object("sender", true, "cvr", "name", "kind", "returnAddress")),
            MessageType = job.Text("messageType", true, MessageType(), "1 to 64 of a-z 0-9 -") ?? "",
            Title = job.Text("title", true, OneLine(), "1 to 200 characters on one line", 200) ?? "",
            Recipients = ReadRecipients(
                job.Object("recipients", true, "file", "separator", "encoding", "culture", "expectedRows", "sha256")),
            Letter = job.Text("letter", true, PlainFileName(), "the name of a file in the job folder", 255) ?? "",
            Channel = job.Choice("channel", "auto", "auto", "digital-only", "paper-only") switch
            {
                "digital-only" => JobChannel.DigitalOnly,
                "paper-only" => JobChannel.PaperOnly,
                _ => JobChannel.Auto,
            },
            RefusesUnregistered = job.Choice("unregistered", "paper", "paper", "refuse") == "refuse",
            Paper = ReadPaper(job.Object("paper", false, "envelope", "postage", "duplex", "colour", "household")),
            NotBefore = ReadMoment(job, "notBefore"),
            DripPerHour = job.Object("drip", false, "perHour")?.Count("perHour", isRequired: true),
            NeedsApproval = job.Choice("approval", "none", "none", "required") == "required",
            StopAtRefusedShare = job.Share("stopAtRefusedShare", 0.05m),
        };

        if (order.Letter.Length > 0 && order.Letter == order.Recipients.File)
        {
            job.AddWrong("$.letter", "the file of $.recipients too", "another file");
        }

        return order;
    }

    static SenderOrder ReadSender(JsonFields? sender)
    {
        if (sender is null)
        {
            return new("", "", false, []);
        }

        const string CvrExpected = "a CVR number: 8 digits with a valid check digit";
        var cvr = sender.Text("cvr", true, Cvr(), CvrExpected) ?? "";
        if (cvr.Length > 0 && CvrNumber.Parse(Encoding.ASCII.GetBytes(cvr), out _) != Reason.None)
        {
            sender.AddWrong("$.sender.cvr", "a number whose check digit is wrong", CvrExpected);
        }

        var name = sender.Text("name", true, OneLine(), SenderName.Expected, 130) ?? "";
        if (!SenderName.Fits(name))
        {
            sender.AddWrong(
                "$.sender.name", "a web address, or a character that cannot be seen",
                SenderName.Expected);
        }

        var isPrivate = sender.Choice("kind", null, "public", "private") == "private";
        return new(cvr, name, isPrivate, sender.Lines(
            "returnAddress", ReturnAddressLinesMax, OneLine(), 80, "1 to 5 lines of 1 to 80 characters"));
    }

    static RecipientsOrder ReadRecipients(JsonFields? list)
    {
        if (list is null)
        {
            return new("");
        }

        return new(list.Text("file", true, PlainFileName(), "the name of a file in the job folder", 255) ?? "")
        {
            Separator = list.Choice("separator", ";", ";", ",", "\t", "|")[0],
            Encoding = list.Choice("encoding", "utf-8", "utf-8", "windows-1252", "utf-16") switch
            {
                "windows-1252" => ListEncoding.Windows1252,
                "utf-16" => ListEncoding.Utf16,
                _ => ListEncoding.Utf8,
            },
            Culture = list.Choice("culture", "da-DK", "da-DK"),
            ExpectedRows = list.Count("expectedRows"),
            Sha256 = list.TextOrNull("sha256", Sha256(), "64 hexadecimal digits, or null"),
        };
    }

    static PaperOrder ReadPaper(JsonFields? paper)
    {
        if (paper is null)
        {
            return new();
        }

        var order = new PaperOrder
        {
            Envelope = paper.Choice("envelope", "C5-left", "C5-left", "C4-left"),
            Postage = paper.Choice("postage", "economy", "economy", "standard", Registered),
            IsDuplex = paper.Flag("duplex", true),
            IsColour = paper.Flag("colour", false),
            JoinsHouseholds = paper.Flag("household", false),
        };
        if (order is { JoinsHouseholds: true, Postage: Registered })
        {
            paper.AddWrong(
                "$.paper.household", "true with registered postage", "false: one person signs for a registered letter");
        }

        return order;
    }

    static DateTimeOffset? ReadMoment(JsonFields job, string key)
    {
        const string Expected = "a moment with its offset such as 2026-03-09T06:00:00+01:00, or null";
        if (job.TextOrNull(key, Moment(), Expected) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            return moment;
        }

        job.AddWrong($"$.{key}", "a moment that does not exist", Expected);
        return null;
    }

    static DispatchException Refused(List<(string Code, string Text)> faults, string fileName)
    {
        var text = string.Join("; ", faults.Take(FaultsShownMax).Select(fault => fault.Text));
        var more = faults.Count > FaultsShownMax ? $"; and {faults.Count - FaultsShownMax} more" : "";
        return new(faults[0].Code, $"{fileName}: {text}{more}; correct it and submit again");
    }

    // \z, not $: the latter also matches before a line feed at the end.
    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[a-z0-9-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex MessageType();

    [GeneratedRegex(@"^[0-9]{8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Cvr();

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Sha256();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Moment();

    [GeneratedRegex(@"^(?=.*\S)[^\u0000-\u001F\u007F-\u009F\u2028\u2029]+\z")]
    private static partial Regex OneLine();

    [GeneratedRegex(@"^(?!\.{1,2}\z)[^/\u0000]+\z")]
    private static partial Regex PlainFileName();
}
