using System.Collections.Concurrent;
using System.Globalization;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Paper;

/// <summary>What a reader of the printed pages sees; by tools that know nothing of the program.</summary>
static class PdfText
{
    static readonly ConcurrentDictionary<string, Lazy<Task<string[]>>> Read = new();

    /// <summary>The text of each page; read once.</summary>
    public static Task<string[]> PagesAsync(string file) =>
        Read.GetOrAdd(file, path => new(() => ReadPagesAsync(path))).Value;

    /// <summary>Text of pages without its line breaks, which fall where the window or the margin is.</summary>
    public static string Flow(IEnumerable<string> pages) =>
        string.Join(' ', string.Join(' ', pages).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static async Task<int> PageCountAsync(string file)
    {
        var lines = (await Command.RunAsync("pdfinfo", [file])).Expect(0).Output.Split('\n');
        return int.Parse(
            lines.Single(l => l.StartsWith("Pages:", StringComparison.Ordinal))["Pages:".Length..],
            CultureInfo.InvariantCulture);
    }

    static async Task<string[]> ReadPagesAsync(string file)
    {
        var text = (await Command.RunAsync("pdftotext", ["-enc", "UTF-8", file, "-"])).Expect(0).Output;
        return text.Split('\f')[..^1];
    }
}
