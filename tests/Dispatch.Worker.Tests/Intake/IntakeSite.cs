using Dispatch.PrintExport.Pdf;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>A folder for one test, with a key, a spool and a good job folder to spoil.</summary>
sealed class IntakeSite : IDisposable
{
    public const string Header = "recipient;reference;name";

    /// <summary>Fails modulus 11: nobody's number.</summary>
    public const string Cpr = "1403711101";

    static readonly Lazy<FontSet> Fonts = new(() => FontSet.Load(new()));

    public IntakeSite()
    {
        Root = Directory.CreateTempSubdirectory("dispatch-intake-").FullName;
        Job = Path.Combine(Root, "job");
        Directory.CreateDirectory(Job);
        Keys = KeyRing.OpenAsync(
            KeySource.OfFile(KeyFile), mayCreate: true, CancellationToken.None).GetAwaiter().GetResult();
        Write("job.json", OrderJson("job-1"));
        Write("letter.md", "# Brev\n\nKære {{name}}\n");
        Write("recipients.csv", $"{Header}\n{Cpr};1;Anna\n");
    }

    public string Root { get; }

    public string Job { get; }

    public string KeyFile => Path.Combine(Root, "kek");

    public KeyRing Keys { get; }

    public string ListFolder => Path.Combine(Root, "spool", "lists");

    public IEnumerable<string> SpooledFiles => Directory.Exists(ListFolder) ? Directory.EnumerateFiles(ListFolder) : [];

    public static string OrderJson(string reference, string recipients = "") => $$"""
        {
          "reference": "{{reference}}",
          "sender": { "cvr": "19552101", "name": "Prøvestyrelsen", "kind": "public", "returnAddress": ["Prøvevej 1"] },
          "messageType": "test",
          "title": "Prøvebrev",
          "recipients": { "file": "recipients.csv"{{recipients}} },
          "letter": "letter.md"
        }
        """;

    public IntakeSetting Setting(IntakeLimits? limits = null) =>
        new(ListFolder, Keys, Fonts.Value) { Limits = limits ?? new(), TakesUnknownSenders = true };

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Job, name), text);

    public void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(Job, name), bytes);

    public Task<CheckedJob> CheckAsync(IntakeLimits? limits = null) =>
        JobFolder.CheckAsync(Job, Setting(limits), progress: null, CancellationToken.None);

    /// <summary>The texts of a checked job's chunks.</summary>
    public static List<byte[]> Open(CheckedJob job)
    {
        using var list = SpooledList.Open(job.ListPath);
        var texts = new List<byte[]>();
        foreach (var chunk in job.Chunks)
        {
            var bytes = new byte[chunk.SpoolBytes];
            var text = new byte[chunk.SpoolBytes - LetterSeal.TagBytes];
            list.ReadChunk(chunk.SpoolOffset, bytes);
            job.Key.OpenListChunk(chunk.ChunkNo, bytes, text);
            texts.Add(text);
        }

        return texts;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
