using System.Text;
using Dispatch.PrintExport.Batches;
using Dispatch.Worker.Printing;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Printing;

public sealed class ChunkSealsTests : IDisposable
{
    const int Chunks = 8;
    const int ChunkRows = 50;

    static readonly PrintJob Job = new(1, 2, new PrintOrder(
        "19552101", "2026-brev", new byte[32], new DateOnly(2026, 3, 9), "economy", "C5-left", IsDuplex: true,
        IsColour: false));

    readonly JobKey _key = KeyEncryptionKey.Parse(KeyEncryptionKey.NewText())!.CreateJobKey();
    readonly byte[][] _salts = [.. Enumerable.Range(0, Chunks).Select(_ => JobKey.NewSalt())];

    public void Dispose() => _key.Dispose();

    /// <summary>As batches are made at a time, of pieces that come from all chunks in turn; fewer keys than chunks are
    /// kept, or none.</summary>
    [Theory]
    [InlineData(Chunks)]
    [InlineData(1)]
    [InlineData(0)]
    public void OpenPiece_ManyThreadsAndChunks_EachPieceIsItsOwn(int keptMax)
    {
        var firstRows = Enumerable.Range(0, Chunks).Select(chunk => 1 + chunk * ChunkRows).ToArray();
        using var seals = new ChunkSeals(_key, new(firstRows, _salts), keptMax);
        var pieces = Enumerable.Range(0, Chunks * ChunkRows)
            .Select(piece => 1 + piece % Chunks * ChunkRows + piece / Chunks) // a row of each chunk in turn
            .SelectMany(rowNo => new[] { Piece(rowNo, releaseSalt: null), Piece(rowNo, JobKey.NewSalt()) })
            .ToList();
        Parallel.For(0, 4, _ =>
        {
            foreach (var (rowNo, salt, sealedValues) in pieces)
            {
                var plain = new byte[sealedValues.Length - LetterSeal.TagBytes];
                seals.OpenPiece(Job, rowNo, rowNo, salt, sealedValues, plain);
                Assert.Equal(Values(rowNo), plain);
            }
        });
    }

    static byte[] Values(int rowNo) => Encoding.UTF8.GetBytes($"row {rowNo}");

    (int RowNo, byte[]? ReleaseSalt, byte[] Sealed) Piece(int rowNo, byte[]? releaseSalt)
    {
        var values = Values(rowNo);
        var sealedValues = new byte[values.Length + LetterSeal.TagBytes];
        using var seal = _key.ForChunk(releaseSalt ?? _salts[(rowNo - 1) / ChunkRows]);
        seal.Seal(Job.JobId, rowNo, rowNo, Job.TemplateId, SealPurpose.Piece, values, sealedValues);
        return (rowNo, releaseSalt, sealedValues);
    }
}
