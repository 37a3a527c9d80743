using System.Globalization;
using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;

namespace Dispatch.Benchmarks.Work;

/// <summary>The tax statement of samples/tax-statement for a made-up country: register, list and letter, the same bytes
/// each time.</summary>
sealed class TaxList
{
    public const int Rows = 4_096;

    const int BornOnADay = 160;

    static readonly DateOnly Released = new(2026, 11, 22);
    static readonly string Sample = Path.Combine(Root(), "samples", "tax-statement");

    /// <param name="people">In the register, at most 4.9 million; the list names some of them, in no order.</param>
    public TaxList(int people)
    {
        Numbers = [.. MadeUpNumbers(people)];
        Register = RegisterOf(Numbers);
        Text = ListOf(Numbers, firstFields: [.. Enumerable.Range(0, Rows).Select(i => Spread(i, Numbers.Length))]);
        var order = JobOrder.Parse(File.ReadAllBytes(Path.Combine(Sample, "job.json")), "job.json");
        var columns = File.ReadLines(Path.Combine(Sample, "recipients.csv")).First().Split(';');
        Template = LetterTemplate.Parse(
            File.ReadAllText(Path.Combine(Sample, "letter.md")), "letter.md", new Dictionary<string, byte[]>
            {
                ["crest.png"] = File.ReadAllBytes(Path.Combine(Sample, "assets", "crest.png")),
            });
        Fonts = FontSet.Load(new FontSettings());
        Layout = LetterLayout.Create(Template, JobLetter.SettingOf(order, Released), Fonts);
        Routing = JobRouting.Of(order, columns, Layout, Released);
    }

    /// <summary>Of everybody, ascending.</summary>
    public uint[] Numbers { get; }

    public RegisterSnapshot Register { get; }

    /// <summary>The list without its header.</summary>
    public byte[] Text { get; }

    public LetterTemplate Template { get; }

    public FontSet Fonts { get; }

    public LetterLayout Layout { get; }

    public JobRouting Routing { get; }

    /// <summary>A place in the register for every row, near no other row's.</summary>
    public static int Spread(int row, int count) => (int)(row * 7_919_003L % count);

    /// <summary>The list fields of a row behind its number, as <c>recipients.csv</c> has them.</summary>
    public static string[] FieldsOf(int row)
    {
        // Knuth's multiplier spreads neighbours.
        var seed = unchecked((uint)row * 2_654_435_761);
        var danish = CultureInfo.GetCultureInfo("da-DK");
        string Figure(int i) => ((seed >> i) % 60_000_000 / 100m * (i % 3 == 2 ? -1 : 1)).ToString("N2", danish);
        return
        [
            $"26-{row:D8}", .. Enumerable.Range(0, 12).Select(Figure), seed % 3 == 0 ? "1" : "0", Figure(13),
            "2026-04-13",
        ];
    }

    // As many born on a day as a nation has; days in the order of the register's key.
    static IEnumerable<uint> MadeUpNumbers(int people) =>
        (from day in Enumerable.Range(1, 28)
         from month in Enumerable.Range(2, 11)
         from year in Enumerable.Range(0, 100)
         from serial in Enumerable.Range(1, BornOnADay)
         select (uint)(((day * 100L + month) * 100 + year) * 10_000 + serial)).Take(people);

    static RegisterSnapshot RegisterOf(uint[] numbers)
    {
        var builder = new RegisterSnapshotBuilder(withNames: true, numbers.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            builder.AddPerson(
                numbers[i], i + 1,
                PersonFacts.Person(CivilStatus.Active, false, false, false, false, true, false),
                BirthDay.From(new DateOnly(1980, 2, 2)), 0, Encoding.UTF8.GetBytes($"Åse Ærøe nr. {i}"));
        }

        return builder.Build(1, []);
    }

    static byte[] ListOf(uint[] numbers, int[] firstFields)
    {
        var text = new StringBuilder();
        for (var row = 0; row < firstFields.Length; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{numbers[firstFields[row]]:D10};");
            text.AppendJoin(';', FieldsOf(row + 1)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dispatch.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Dispatch.sln above");
        }

        return folder;
    }
}
