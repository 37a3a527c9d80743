using System.Text;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>An installation whose people and letters hold words that stand nowhere else, and all it says.</summary>
sealed class CanarySite
{
    public const string NameWord = "Sølvmejse";
    public const string StreetWord = "Tjørnesangervænget";
    public const string LetterWord = "Hortulanværling";
    public const string ContactWord = "karmindompap";
    public const string Sender = "19552101";

    const string Letter =
        "# {{job.title}}\n\nKære {{recipient.name}}\n\n{{text}}: {{amount:money}} den {{day:date}}.\n";

    static readonly LetterField[] Fields =
        [new("text", "text", true), new("amount", "money", true), new("day", "date", true)];
    static readonly string[] Header = ["recipient", "reference", "text", "amount", "day"];

    readonly List<(string Where, byte[] Bytes)> _said = [];
    readonly MadeUpNumbers _numbers = new();
    readonly string _temporary;
    int _folders;

    public CanarySite()
    {
        _temporary = Path.Combine(TestFolder.Create("canary"), "temporary");
        Directory.CreateDirectory(_temporary);
        Site = new("canary")
        {
            // Without the runtime's own pipes in the temporary folder, which cannot be read to an end.
            Variables = new Dictionary<string, string> { ["TMPDIR"] = _temporary, ["DOTNET_EnableDiagnostics"] = "0" },
        };
        People =
        [
            Addresses.StreetOnly(Some()) with { Street = $"{StreetWord} 7, 1. th" },
            Addresses.StreetOnly(Some()) with { Street = $"{StreetWord} 9", IsExempt = true },
            Some() with { IsExempt = true },
            Addresses.ContactOnly(Some()) with { Status = "03", Contact = $"{StreetWord} 11|2450 København SV", IsProtected = true },
            Addresses.StreetOnly(Some()) with { Status = "90" },
            Addresses.StreetOnly(Some()) with { Street = string.Join(' ', Enumerable.Repeat(StreetWord, 9)), IsExempt = true },
            Addresses.StreetOnly(Some()) with { Street = $"{StreetWord} 13" }, // what befalls the living
        ];
    }

    public Site Site { get; }

    public IReadOnlyList<Person> People { get; }

    public IEnumerable<Canary> Canaries =>
    [
        Canary.Word(NameWord), Canary.Word(StreetWord), Canary.Word(LetterWord), Canary.Word(ContactWord),
        .. People.Select(person => Canary.Number(person.Cpr)),
    ];

    public async Task<CommandResult> RunAsync(params string[] arguments) => Note(await Site.RunAsync(arguments));

    public async Task<CommandResult> RunWithInputAsync(string input, params string[] arguments) =>
        Note(await Site.RunWithInputAsync(input, arguments));

    public async Task<CommandResult> RunAsAsync(string operatorName, params string[] arguments) =>
        Note(await Site.RunAsAsync(operatorName, arguments));

    public CommandResult Note(CommandResult result)
    {
        Note($"what '{result.Command.Split(' ', 2)[1]}' said", result.Output + result.Error);
        return result;
    }

    public void Note(string where, string said) => _said.Add((where, Encoding.UTF8.GetBytes(said)));

    /// <summary>All that is left where no canary belongs: but for the cluster's own files and the PDFs.</summary>
    public IEnumerable<(string Where, byte[] Bytes)> Places()
    {
        var cluster = Path.Combine(Site.Data, "postgres") + "/";
        string[] asItCame = ["/receipts/quarantine/", "/inbox/refused/broken/"];
        var left = Directory.GetFiles(Site.Data, "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(_temporary, "*", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith(".pdf", StringComparison.Ordinal))
            .Where(file => !asItCame.Any(part => file.Contains(part, StringComparison.Ordinal)))
            .Where(file => !file.StartsWith(cluster, StringComparison.Ordinal) || file.StartsWith($"{cluster}log/", StringComparison.Ordinal));
        return _said.Concat(left.Select(file => (Path.GetRelativePath(Site.Folder, file), File.ReadAllBytes(file))));
    }

    public string[] Row(
        int person, string reference = "", string text = LetterWord, string amount = "1.234,5",
        string day = "2026-03-09") =>
        Row(People[person].Cpr, reference, text, amount, day);

    public static string[] Row(
        string recipient, string reference = "", string text = LetterWord, string amount = "1.234,5",
        string day = "2026-03-09") =>
        [recipient, reference, text, amount, day];

    public string Job(JobOrder order, IReadOnlyList<string[]> rows) => JobFolder.Write(
        NewFolder(), order, new RecipientList(Header, Fields) { Rows = [.. rows] }, Letter);

    public string Job(string reference, IReadOnlyList<string[]> rows) => Job(Order(reference), rows);

    public static JobOrder Order(string reference) => new() { Reference = reference, Rules = new() { SenderCvr = Sender } };

    public static IEnumerable<string> Set(string section, params string[] settings) =>
        settings.SelectMany(setting => new[] { "--set", $"{section}:{setting}" });

    public string NewFolder() => Path.Combine(Site.Folder, $"folder-{_folders++}");

    Person Some() => new() { Cpr = _numbers.Cpr(AgeEdges.Adult), Name = $"Ida {NameWord}" };
}
