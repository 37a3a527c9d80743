using System.Diagnostics;

namespace Dispatch.PrintExport.Tests;

/// <summary>Programs that read our PDF independently: poppler-utils, qpdf, dmtx-utils, PDFBox.</summary>
static class Tool
{
    /// <summary>Says which of the programs are not installed; null when all are.</summary>
    public static string? Missing(string[] programs)
    {
        var missing = programs.Where(
            program => program == Preflight.Name ? !Preflight.IsInstalled : !IsInstalled(program));
        return missing.Any() ? $"not installed: {string.Join(", ", missing)} (ops/setup.sh)" : null;
    }

    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs the program over the file; gives its exit code and what it printed.</summary>
    public static (int Exit, string Output) Run(string program, byte[] file) =>
        RunOver(file, program, program == "qpdf" ? ["--check", "FILE"] : ["-enc", "UTF-8", "FILE", "-"]);

    /// <summary>Text of every page as poppler finds it.</summary>
    public static string[] Text(byte[] file) => Run("pdftotext", file).Output.Split('\f')[..^1];

    /// <summary>Text inside a rectangle of the first page, in points from the top left.</summary>
    public static string TextInside(byte[] file, int x, int y, int width, int height) => RunOver(
        file,
        "pdftotext",
        [
            "-enc", "UTF-8", "-l", "1", "-x", $"{x}", "-y", $"{y}", "-W", $"{width}", "-H", $"{height}", "FILE", "-",
        ]).Output.Trim('\f');

    /// <summary>Text of every page as it stands there: lines as they are, with the hyphens at their ends.</summary>
    public static string[] Lines(byte[] file) =>
        RunOver(file, "pdftotext", ["-layout", "-enc", "UTF-8", "FILE", "-"]).Output.Split('\f')[..^1];

    /// <summary>Every word with its box in points from the top left, as XHTML.</summary>
    public static string Boxes(byte[] file) =>
        RunOver(file, "pdftotext", ["-bbox", "-enc", "UTF-8", "FILE", "-"]).Output;

    /// <summary>
    /// Draws a part of every page at 300 dpi, gray, into the folder; places in dots from the top left.
    /// </summary>
    public static void Draw(byte[] file, string folder, int x, int y, int width, int height) => RunOver(
        file,
        "pdftoppm",
        [
            "-r", "300", "-gray", "-x", $"{x}", "-y", $"{y}", "-W", $"{width}", "-H", $"{height}", "FILE",
            Path.Combine(folder, "page"),
        ]);

    /// <summary>The gray values of a picture that <see cref="Draw"/> made.</summary>
    public static (byte[] Pixels, int Width) Pixels(string picture)
    {
        // P5, size and depth are lines of their own; one byte a pixel follows.
        var bytes = File.ReadAllBytes(picture);
        var size = System.Text.Encoding.ASCII.GetString(bytes, 0, 32).Split('\n')[1].Split(' ').Select(
            int.Parse).ToArray();
        return (bytes[^(size[0] * size[1])..], size[0]);
    }

    /// <summary>
    /// The DataMatrix in every picture of the folder, in the order of names; a picture without one gives nothing.
    /// </summary>
    public static string[] ReadSymbols(string folder) => Run(
        "dmtxread", ["-n", "-N", "1", "-m", "2000", .. Directory.GetFiles(folder).Order(StringComparer.Ordinal)])
        .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The file with every stream as it is before packing.</summary>
    public static byte[] Uncompressed(byte[] file)
    {
        using var folder = new TemporaryFolder();
        var plain = Path.Combine(folder.Path, "plain.pdf");
        RunOver(file, "qpdf", ["--stream-data=uncompress", "FILE", plain]);
        return File.ReadAllBytes(plain);
    }

    public static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>Runs a program; gives its exit code and all it printed.</summary>
    public static (int Exit, string Output) Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            program, arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    static (int Exit, string Output) RunOver(byte[] file, string program, string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "file.pdf");
        File.WriteAllBytes(path, file);
        return Run(program, arguments.Select(argument => argument == "FILE" ? path : argument));
    }
}
