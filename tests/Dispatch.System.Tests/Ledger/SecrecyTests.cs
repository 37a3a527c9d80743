using System.Text;
using System.Text.RegularExpressions;
using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Oracle.World;

namespace Dispatch.System.Tests.Ledger;

/// <summary>
/// No CPR number, name, address or letter text anywhere but in the register, the sealed letters and the print PDFs: the
/// world's names and addresses all hold one word, its letters another.
/// </summary>
[Collection(WorldCollection.Name)]
public sealed partial class SecrecyTests(WorldFixture fixture)
{
    const string AddressMark = "Kanari";
    const int EachMax = 1;

    [Fact]
    public async Task Output_OfAllJobs_HoldsNoPersonalData()
    {
        foreach (var job in WorldJobs.Names)
        {
            var run = await fixture.RunAsync(job);
            foreach (var result in new[] { run.Plan, run.Run })
            {
                AssertClean(result.Output, $"standard output of {job}");
                AssertClean(result.Error, $"standard error of {job}");
            }
        }
    }

    [Fact]
    public async Task Files_OutsideDatabaseAndPdf_HoldNoPersonalData()
    {
        await fixture.RunAsync(WorldJobs.Large);
        var postgres = Path.Combine(fixture.Site.Data, "postgres");

        var files = Directory.GetFiles(fixture.Site.Data, "*", SearchOption.AllDirectories)
            .Where(
                f => !f.StartsWith(postgres, StringComparison.Ordinal) && !f.EndsWith(".pdf", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var text = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file));
            AssertClean(text, Path.GetRelativePath(fixture.Site.Data, file));
        }
    }

    [Fact]
    public async Task Explain_EachEffect_HoldsNoPersonalData()
    {
        var run = await fixture.RunAsync(WorldJobs.Large);
        foreach (var verdict in run.Expected.Distinct().GroupBy(v => v.Effect).SelectMany(v => v.Take(EachMax)))
        {
            var row = Array.IndexOf(run.Expected, verdict) + 1;
            var explained = await fixture.Site.RunAsync("explain", run.Order.Key, "--row", $"{row}");
            explained.Expect(0);
            Assert.Contains(verdict.Reason, explained.Output, StringComparison.Ordinal);
            AssertClean(explained.Output + explained.Error, $"explain of row {row}");
        }
    }

    /// <summary>What a thief of a backup reads: everything but the register, whose key file lies elsewhere.</summary>
    [Fact]
    public async Task Dump_OutsideTheRegister_HoldsNoPersonalDataInAnyForm()
    {
        await fixture.RunAsync(WorldJobs.Large);
        var dump = await fixture.Site.DumpAsync("--exclude-schema=register");

        Assert.Contains("COPY mailbox.letters_", dump, StringComparison.Ordinal);
        Assert.Contains("COPY dispatch.pieces", dump, StringComparison.Ordinal);
        AssertClean(dump, "the dump");
        var numbers = fixture.World.Register.People.Keys.Take(50);
        foreach (var form in new[] { AddressMark, WorldList.MarkerStart + "00" }.Concat(numbers).SelectMany(FormsOf))
        {
            Assert.False(dump.Contains(form, StringComparison.OrdinalIgnoreCase), $"The dump holds '{form}'.");
        }
    }

    // A dump shows bytes as hexadecimal digits, so what is inside bytes is looked for in that form too.
    static IEnumerable<string> FormsOf(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        yield return Convert.ToHexString(utf8);
        yield return Convert.ToHexString(Encoding.Unicode.GetBytes(text));
        yield return Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));
        for (var before = 0; before < 3; before++)
        {
            // The first and last letters depend on what stands around.
            var encoded = Convert.ToBase64String([.. new byte[before], .. utf8]).TrimEnd('=');
            var inner = encoded[(before == 0 ? 0 : before + 1)..^1];
            yield return inner;
            yield return Convert.ToHexString(Encoding.UTF8.GetBytes(inner));
        }
    }

    void AssertClean(string text, string where)
    {
        Assert.False(
            text.Contains(AddressMark, StringComparison.OrdinalIgnoreCase), $"{where} holds a name or an address.");
        Assert.False(Marker().IsMatch(text), $"{where} holds text of a letter.");
        var numbers = TenDigits().Matches(text).Select(m => m.Value.Replace("-", "", StringComparison.Ordinal));
        Assert.False(numbers.Any(fixture.World.Register.People.ContainsKey), $"{where} holds a CPR number.");
    }

    [GeneratedRegex(WorldList.MarkerStart + "[0-9]{7}")]
    private static partial Regex Marker();

    [GeneratedRegex("(?<![0-9a-fA-F])[0-9]{6}-?[0-9]{4}(?![0-9a-fA-F])")]
    private static partial Regex TenDigits();
}
