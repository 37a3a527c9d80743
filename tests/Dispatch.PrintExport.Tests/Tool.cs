using System.Diagnostics;

namespace Dispatch.PrintExport.Tests;

/// <summary>
/// Programs that read our PDF independently: poppler-utils and qpdf. At home a test without them passes with a note; on CI
/// they must be there.
/// </summary>
static class Tool
{
    public static bool IsMissing(string program)
    {
        var isMissing = !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));
        Assert.False(
            isMissing && Environment.GetEnvironmentVariable("CI") == "true",
            $"'{program}' is not installed; on CI it must be (apt-get install -y poppler-utils qpdf)");
        return isMissing;
    }

    /// <summary>Runs the program over the file; gives its exit code and what it printed.</summary>
    public static (int Exit, string Output) Run(string program, byte[] file) =>
        Run(program, file, program == "qpdf" ? ["--check"] : ["-enc", "UTF-8"]);

    /// <summary>Text of every page as poppler finds it.</summary>
    public static string[] Text(byte[] file) => Run("pdftotext", file).Output.Split('\f')[..^1];

    /// <summary>Text inside a rectangle of the first page, in points from the top left.</summary>
    public static string TextInside(byte[] file, int x, int y, int width, int height) => Run(
        "pdftotext",
        file,
        ["-enc", "UTF-8", "-l", "1", "-x", $"{x}", "-y", $"{y}", "-W", $"{width}", "-H", $"{height}"]).Output.Trim('\f');

    public static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    static (int Exit, string Output) Run(string program, byte[] file, string[] options)
    {
        var path = Path.Combine(Path.GetTempPath(), $"dispatch-{Guid.NewGuid():N}.pdf");
        try
        {
            File.WriteAllBytes(path, file);
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
            string[] arguments = program == "pdftotext" ? [.. options, path, "-"] : [.. options, path];
            Array.ForEach(arguments, start.ArgumentList.Add);
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.GetAwaiter().GetResult());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
