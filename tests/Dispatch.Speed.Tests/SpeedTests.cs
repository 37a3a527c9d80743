using System.Globalization;
using Dispatch.Benchmarks.Work;
using Xunit.Abstractions;

namespace Dispatch.Speed.Tests;

/// <summary>
/// The hot path against getting slower: each part's time as a multiple of a plain baseline's in the same run, never in
/// seconds. docs/performance.md tells how the limits were found.
/// </summary>
public sealed class SpeedTests(SpeedTests.Parts parts, ITestOutputHelper output) : IClassFixture<SpeedTests.Parts>
{
    // A part that became slower stays so; what others do on the same core passes.
    const int AttemptsMax = 8;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Other processors have other ratios, and some differ from process to process.</summary>
    const double SlowerMax = 1.6;

    /// <param name="usual">What it was on the machine it was written on, in the middle of many runs.</param>
    [Theory]
    [InlineData("records found in a block", 1.9)]
    [InlineData("fields read from a block", 0.30)]
    [InlineData("rows read and decided", 4.3)]
    [InlineData("CPR numbers read", 3.2)]
    [InlineData("people found", 1.3)]
    [InlineData("rules decided", 3.5)]
    [InlineData("letters sealed", 2.0)]
    [InlineData("letters encoded", 3.4)]
    [InlineData("lines broken", 6.6)]
    [InlineData("letters measured", 0.58)]
    [InlineData("letters composed", 2.1)]
    [InlineData("symbols drawn", 2.3)]
    public async Task Part_AgainstItsBaseline_IsNotSlowerThanItWas(string part, double usual)
    {
        var (work, baseline) = parts.Of[part];
        var limit = SlowerMax * usual;
        var ratio = double.PositiveInfinity;
        for (var attempt = 1; attempt <= AttemptsMax && ratio > limit; attempt++)
        {
            await (attempt > 1 ? Task.Delay(Pause) : Task.CompletedTask);
            ratio = Math.Min(ratio, WorkRatio.Measure(work, baseline));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part}: {ratio:0.000}"));
        }

        Assert.True(
            ratio <= limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{part}: {ratio:0.00} times its baseline, expected {limit:0.00} at most; find what became slower"));
    }

    /// <summary>Made once for all parts.</summary>
    public sealed class Parts : IDisposable
    {
        const int People = 60_000; // about as much memory as a core has to itself: another's use of it changes little

        readonly SealLetters _seal = new();
        readonly EncodeLetters _encode = new();
        readonly ComposePages _pages;

        public Parts()
        {
            var list = new TaxList(People);
            var rows = new ReadRows(list);
            var numbers = new ReadNumbers(list);
            var people = new FindPeople(list);
            var rules = new DecideRows();
            var lines = new BreakLines(list);
            _pages = new ComposePages(list);
            var symbols = new DrawSymbols();
            Of = new()
            {
                ["records found in a block"] = (() => rows.FindRecords(), () => rows.FindLineBreaks()),
                ["fields read from a block"] = (() => rows.ReadFields(), () => rows.LookAtEachByte()),
                ["rows read and decided"] = (() => rows.Route(), () => rows.LookAtEachByte()),
                ["CPR numbers read"] = (() => numbers.Parse(), () => numbers.ReadDigits()),
                ["people found"] = (() => people.InRegister(), () => people.InDictionary()),
                ["rules decided"] = (() => rules.Decide(), () => rules.Branch()),
                ["letters sealed"] = (
                    () => _seal.Seal(),
                    SealLetters.HasSodium ? () => _seal.CallSodium() : () => _seal.CallAesGcm()),
                ["letters encoded"] = (() => _encode.Encode(), () => _encode.Copy()),
                ["lines broken"] = (() => lines.Break(), () => lines.AddWidths()),
                ["letters measured"] = (() => _pages.Measure(), () => _pages.HashAsManyBytes()),
                ["letters composed"] = (() => _pages.Compose(), () => _pages.HashAsManyBytes()),
                ["symbols drawn"] = (() => symbols.Encode(), () => symbols.PutModules()),
            };
        }

        public Dictionary<string, (Action Work, Action Baseline)> Of { get; }

        public void Dispose()
        {
            _seal.Dispose();
            _encode.Dispose();
            _pages.Dispose();
        }
    }
}
