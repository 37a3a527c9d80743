using Dispatch.Worker.Security;

namespace Dispatch.Worker.Printing;

/// <summary>
/// The keys the pieces of a job are sealed with, one a chunk, kept for as long as paper is made: pieces come sorted by
/// address and so from all chunks in turn. Any number of threads.
/// </summary>
/// <param name="keptMax">Pieces of further chunks cost a key each.</param>
sealed class ChunkSeals(JobKey key, ChunkSalts salts, int keptMax = ChunkSeals.KeptMax) : IDisposable
{
    // A key of libsodium lies between pages nobody may touch: to make or to forget one stops all threads for a moment,
    // and takes three mappings of memory, of which the system allows a process 65,530 (vm.max_map_count).
    const int KeptMax = 8_192;

    readonly Dictionary<int, LetterSeal> _kept = [];

    /// <param name="releaseSalt">Of a row that was held; null for a row that was sent with its chunk.</param>
    /// <param name="plain">At least as long as the sealed values less their tag.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Not as it was sealed.</exception>
    public void OpenPiece(
        PrintJob job, int rowNo, int personId, byte[]? releaseSalt, ReadOnlySpan<byte> sealedValues, Span<byte> plain)
    {
        var chunk = salts.Find(rowNo);
        if (releaseSalt is null && Find(chunk) is { } kept)
        {
            lock (kept)
            {
                kept.Open(job.JobId, rowNo, personId, job.TemplateId, SealPurpose.Piece, sealedValues, plain);
            }

            return;
        }

        using var seal = key.ForChunk(releaseSalt ?? salts[chunk]);
        seal.Open(job.JobId, rowNo, personId, job.TemplateId, SealPurpose.Piece, sealedValues, plain);
    }

    public void Dispose()
    {
        foreach (var seal in _kept.Values)
        {
            seal.Dispose();
        }

        _kept.Clear();
    }

    // Null when no more are kept.
    LetterSeal? Find(int chunk)
    {
        lock (_kept)
        {
            if (!_kept.TryGetValue(chunk, out var seal) && _kept.Count < keptMax)
            {
                seal = _kept[chunk] = key.ForChunk(salts[chunk]);
            }

            return seal;
        }
    }
}
