using System.Xml.Linq;

namespace Dispatch.PrintExport.Tests;

/// <summary>Apache PDFBox Preflight: says of files whether they are PDF/A-1b. Java starts once for any number of
/// files.</summary>
static class Preflight
{
    public const string Name = "preflight";

    const string Folder = "/usr/share/java";

    static readonly string[] Libraries =
        ["preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api"];

    public static bool IsInstalled =>
        Tool.IsInstalled("java") && Libraries.All(library => File.Exists(PathOf(library)));

    /// <summary>Faults of every file of a folder: its name, and what Preflight found; nothing when all are
    /// PDF/A-1b.</summary>
    public static IReadOnlyList<string> FaultsOf(string folder)
    {
        var files = Directory.GetFiles(folder, "*.pdf");
        var list = Path.Combine(folder, "files.txt");
        File.WriteAllLines(list, files);
        var (exit, output) = Tool.Run(
            "java",
            [
                "-Djava.awt.headless=true", "-XX:TieredStopAtLevel=1", "-cp",
                string.Join(':', Libraries.Select(PathOf)),
                "org.apache.pdfbox.preflight.Validator_A1b", "xml", "group", list,
            ]);
        var results = XDocument.Load(list + ".preflight.xml").Root!.Elements("preflight").ToList();
        Assert.True(results.Count == files.Length, $"Preflight ended with {exit}: {output}");
        return
        [
            .. results.Where(result => (string?)result.Element("isValid") != "true")
                .Select(result => $"{Path.GetFileName((string?)result.Attribute("name"))}: {Details(result)}"),
        ];
    }

    static string Details(XElement result) => string.Join(", ", result.Descendants("error")
        .Select(error => $"{(string?)error.Element("code")} {(string?)error.Element("details")}"));

    static string PathOf(string library) => Path.Combine(Folder, library + ".jar");
}
