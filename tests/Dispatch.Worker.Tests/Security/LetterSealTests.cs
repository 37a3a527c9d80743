using System.Security.Cryptography;
using Dispatch.Worker.Security;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Worker.Tests.Security;

public sealed class LetterSealTests
{
    static readonly SealPurpose[] Purposes = [SealPurpose.Letter, SealPurpose.Piece];

    /// <summary>AES-GCM of zeros is its key stream, and two streams are alike exactly when key and nonce are: this sees
    /// a repetition from outside, however key and nonce are made.</summary>
    [Fact]
    public void Seal_AnyRowsOverAnyAttempts_RepeatsNoKeyAndNonce()
    {
        var rows = Gen.Choose(1, int.MaxValue).ListOf().Select(list => list.Distinct().Take(50).ToList());
        var cases = rows.Zip(Gen.Choose(1, 6)).ToArbitrary();
        Prop.ForAll(cases, drawn =>
        {
            var streams = Streams(drawn.Item1, attempts: drawn.Item2).ToList();
            return streams.Distinct().Count() == streams.Count;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void NewSalt_AMillion_AreAllDifferent()
    {
        var salts = new HashSet<UInt128>();
        for (var i = 0; i < 1_000_000; i++)
        {
            Assert.True(salts.Add(BitConverter.ToUInt128(JobKey.NewSalt())));
        }
    }

    /// <summary>Two national sends: the key stream of every letter is another, and looks like nothing but
    /// chance.</summary>
    [Fact]
    [Trait("Length", "long")]
    public void Seal_TenMillionLetters_GiveKeyStreamsOfChance()
    {
        const int Chunks = 625;
        const int ChunkRows = 16_000;
        using var key = Key();
        var (block, sealedBlock) = (new byte[16], new byte[16 + LetterSeal.TagBytes]);
        var streams = new UInt128[Chunks * ChunkRows];
        var counts = new long[16 * 256];
        for (var at = 0; at < streams.Length; at += ChunkRows)
        {
            // The same rows again and again, as attempts at one chunk have them.
            using var seal = key.ForChunk(JobKey.NewSalt());
            for (var row = 0; row < ChunkRows; row++)
            {
                seal.Seal(1, row + 1, row + 1, 1, SealPurpose.Letter, block, sealedBlock);
                streams[at + row] = BitConverter.ToUInt128(sealedBlock);
                for (var place = 0; place < 16; place++)
                {
                    counts[place * 256 + sealedBlock[place]]++;
                }
            }
        }

        Array.Sort(streams);
        Assert.DoesNotContain(true, streams.Zip(streams.Skip(1), (one, next) => one == next));

        // Chi-squared with 255 degrees of freedom has mean 255 and deviation 22.6: seven deviations to either side.
        var expected = streams.Length / 256.0;
        foreach (var place in counts.Chunk(256))
        {
            Assert.InRange(place.Sum(count => (count - expected) * (count - expected) / expected), 97, 413);
        }
    }

    [Theory]
    [InlineData(2, 7, 70, 9, SealPurpose.Letter)]
    [InlineData(1, 8, 70, 9, SealPurpose.Letter)]
    [InlineData(1, 7, 71, 9, SealPurpose.Letter)]
    [InlineData(1, 7, 70, 8, SealPurpose.Letter)]
    [InlineData(1, 7, 70, 9, SealPurpose.Piece)]
    public void Open_ForAnotherJobRowPersonTemplateOrPurpose_IsRefused(
        int job, int row, int person, int template, object purpose)
    {
        using var key = Key();
        using var seal = key.ForChunk(JobKey.NewSalt());
        var (plain, sealedValues) = (new byte[40], new byte[40 + LetterSeal.TagBytes]);
        seal.Seal(1, 7, 70, 9, SealPurpose.Letter, plain, sealedValues);
        seal.Open(1, 7, 70, 9, SealPurpose.Letter, sealedValues, new byte[40]);

        Assert.ThrowsAny<CryptographicException>(
            () => seal.Open(job, row, person, template, (SealPurpose)purpose, sealedValues, new byte[40]));
    }

    [Fact]
    public void Open_ShortenedTag_IsRefused()
    {
        using var key = Key();
        using var seal = key.ForChunk(JobKey.NewSalt());
        var sealedValues = new byte[40 + LetterSeal.TagBytes];
        seal.Seal(1, 7, 70, 9, SealPurpose.Letter, new byte[40], sealedValues);
        for (var length = 0; length < sealedValues.Length; length++)
        {
            Assert.ThrowsAny<CryptographicException>(
                () => seal.Open(1, 7, 70, 9, SealPurpose.Letter, sealedValues.AsSpan(0, length), new byte[40]));
        }
    }

    static JobKey Key() => KeyEncryptionKey.Parse(KeyEncryptionKey.NewText())!.CreateJobKey();

    static IEnumerable<UInt128> Streams(List<int> rows, int attempts)
    {
        using var key = Key();
        var block = new byte[16];
        var sealedBlock = new byte[16 + LetterSeal.TagBytes];
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            using var seal = key.ForChunk(JobKey.NewSalt());
            foreach (var (row, purpose) in rows.SelectMany(row => Purposes.Select(purpose => (row, purpose))))
            {
                seal.Seal(1, row, row, 1, purpose, block, sealedBlock);
                yield return BitConverter.ToUInt128(sealedBlock);
            }
        }

        for (var chunk = 0; chunk < rows.Count; chunk++)
        {
            key.SealListChunk(chunk, block, sealedBlock);
            yield return BitConverter.ToUInt128(sealedBlock);
        }
    }
}
