using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Oracle.World;

// Weak ones are looked for too.
#pragma warning disable CA5350, CA5351

namespace Dispatch.System.Tests.Ledger;

/// <summary>
/// A hash of a CPR number hides nothing: there are so few numbers that all can be tried. Here all of one birth year
/// are, against everything outside the register that could be a hash.
/// </summary>
[Collection(WorldCollection.Name)]
[Trait("Length", "long")]
public sealed partial class HashedNumberTests(WorldFixture fixture)
{
    const int SerialsPerDay = 10_000;

    [Fact]
    public async Task Dump_OutsideTheRegister_HoldsNoHashOfANumber()
    {
        await fixture.RunAsync(WorldJobs.Large);
        var numbers = NumbersOf(AgeEdges.Adult.Year);
        Assert.Contains(fixture.World.Register.People.Keys, numbers.Contains);
        var dump = await fixture.Site.DumpAsync("--exclude-schema=register");
        var stored = HexPattern().Matches(dump)
            .Select(match => BeginOf(Convert.FromHexString(match.Value))).ToHashSet();
        Assert.NotEmpty(stored);

        Assert.Empty(Found(numbers, stored));

        // What finds nothing of it there would find it.
        var number = numbers[345];
        var text = Encoding.ASCII.GetBytes(number);
        foreach (var hash in new[]
        {
            MD5.HashData(text), SHA1.HashData(text), SHA256.HashData(text), SHA512.HashData(text),
        })
        {
            Assert.Equal([number], Found(numbers[..1_000], [BeginOf(hash)]));
        }
    }

    static ConcurrentBag<string> Found(string[] numbers, HashSet<ulong> stored)
    {
        var found = new ConcurrentBag<string>();
        Parallel.ForEach(numbers, number =>
        {
            Span<byte> text = stackalloc byte[number.Length];
            Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
            Encoding.ASCII.GetBytes(number, text);
            MD5.HashData(text, hash);
            var isThere = stored.Contains(BeginOf(hash));
            SHA1.HashData(text, hash);
            isThere |= stored.Contains(BeginOf(hash));
            SHA256.HashData(text, hash);
            isThere |= stored.Contains(BeginOf(hash));
            SHA512.HashData(text, hash);
            if (isThere | stored.Contains(BeginOf(hash)))
            {
                found.Add(number);
            }
        });
        return found;
    }

    static ulong BeginOf(ReadOnlySpan<byte> hash) => BitConverter.ToUInt64(hash);

    static string[] NumbersOf(int year)
    {
        var days = Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365).Select(
            day => new DateOnly(year, 1, 1).AddDays(day).ToString("ddMMyy", CultureInfo.InvariantCulture));
        return [.. days.SelectMany(day => Enumerable.Range(0, SerialsPerDay).Select(
            serial => day + serial.ToString("0000", CultureInfo.InvariantCulture)))];
    }

    // As long as MD5, SHA-1, SHA-256 or SHA-512 are, or a part of them.
    [GeneratedRegex("(?<![0-9a-f])(?:[0-9a-f]{2}){8,64}(?![0-9a-f])")]
    private static partial Regex HexPattern();
}
