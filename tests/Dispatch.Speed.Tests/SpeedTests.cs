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
    // A part that became slower stays so; noise does not come three times.
    const int AttemptsMax = 3;

    [Theory]
    [InlineData("records found in a block", 2.9)]
    [InlineData("fields read from a block", 0.38)]
    [InlineData("rows read and decided", 5.6)]
    [InlineData("CPR numbers read", 3.75)]
    [InlineData("people found", 1.85)]
    [InlineData("rules decided", 4.4)]
    [InlineData("letters sealed", 2.4)]
    [InlineData("letters encoded", 4.0)]
    [InlineData("lines broken", 8.3)]
    [InlineData("letters measured", 0.75)]
    [InlineData("letters composed", 2.6)]
    [InlineData("symbols drawn", 2.7)]
    public void Part_AgainstItsBaseline_IsNotSlowerThanItWas(string part, double limit)
    {
        var (work, baseline) = parts.Of[part];
        var ratio = double.PositiveInfinity;
        for (var attempt = 1; attempt <= AttemptsMax && ratio > limit; attempt++)
        {
            ratio = Math.Min(ratio, WorkRatio.Measure(work, baseline));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part}: {ratio:0.000}"));
        }

        Assert.True(
            ratio <= limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{part}: {ratio:0.00} times its baseline, expected {limit} at most; find what became slower"));
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
