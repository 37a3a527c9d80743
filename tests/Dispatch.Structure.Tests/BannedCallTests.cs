using System.Text.RegularExpressions;

namespace Dispatch.Structure.Tests;

/// <summary>Calls that make a run depend on the wall clock, block a thread or lose a failure.</summary>
public sealed class BannedCallTests
{
    [Theory]
    [InlineData(@"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b")]
    [InlineData(@"\bThread\.Sleep\b")]
    [InlineData(@"\.Wait\(")]
    [InlineData(@"(?<!\bstatement)\.Result\b")]
    [InlineData(@"\.GetAwaiter\(\)\.GetResult\(")]
    [InlineData(@"\basync void\b")]
    [InlineData(@"\bnew Random\(\)|\bRandom\.Shared\b")]
    [InlineData(@"\bTODO\b|\bFIXME\b|\bHACK\b")]
    [InlineData(@"^\s*#region\b")]
    [InlineData(@"#pragma warning disable")]
    [InlineData(@"\bAllowUnencrypted|\bIncludeErrorDetail = true")]
    public void Sources_Anywhere_DoNotCall(string pattern) => Repository.ExpectNone(Uses(pattern, _ => true));

    [Fact]
    public void Sources_OutsideCommands_DoNotWriteToTheConsole() => Repository.ExpectNone(Uses(
        @"\bConsole\.(Write|Out|Error|SetOut|SetError)\b",
        f => !f.StartsWith("src/Dispatch.Worker/Commands/", StringComparison.Ordinal)));

    // A library's message may quote a row. Those here are of our own exceptions, or about a file an operator named.
    [Fact]
    public void Sources_WithAMessageOfAnException_AreFew()
    {
        string[] known =
        [
            "src/Dispatch.PrintExport/Manifest/BatchReadBack.cs", "src/Dispatch.Worker/Commands/DispatchCommand.cs",
            "src/Dispatch.Worker/Commands/DoctorChecks.cs", "src/Dispatch.Worker/Commands/Failure.cs",
            "src/Dispatch.Worker/Commands/NoticeDoctor.cs", "src/Dispatch.Worker/Commands/SftpDoctor.cs",
            "src/Dispatch.Worker/Diagnostics/SettingsReader.cs", "src/Dispatch.Worker/Receipts/ReceiptImport.cs",
            "src/Dispatch.Worker/Security/KeyFile.cs",
        ];
        Repository.ExpectNone(Uses(@"\.Message\b", file => !known.Contains(file)));
    }

    [Fact]
    public void Sources_OutsideTheLog_DoNotSayWhatItWrites() => Repository.ExpectNone(Uses(
        @"\bLoggerConfiguration\b|\bJsonFormatter\(",
        f => !f.StartsWith("src/Dispatch.Worker/Diagnostics/Log", StringComparison.Ordinal)));

    static IEnumerable<string> Uses(string pattern, Func<string, bool> isScanned) =>
        from file in Repository.Find("src", "*.cs")
        where isScanned(file)
        from line in Repository.Lines(file).Select((text, index) => (text, number: index + 1))
        where !line.text.TrimStart().StartsWith("//", StringComparison.Ordinal) || pattern.Contains(
            "TODO", StringComparison.Ordinal)
        where Regex.IsMatch(line.text, pattern)
        select $"{file}:{line.number}: {line.text.Trim()}";
}
