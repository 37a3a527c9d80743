using System.Security.Cryptography;
using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Printing;

/// <summary>Opens the sealed letters of pieces, one after another; for one thread.</summary>
/// <param name="fieldCount">List columns the job's letter uses.</param>
sealed class PieceOpener(PrintJob job, ChunkSeals seals, int fieldCount) : IDisposable
{
    readonly LetterValues _values = new(fieldCount);
    byte[] _sealed = new byte[4_096];
    byte[] _plain = new byte[4_096];

    /// <summary>Gives the values of the piece the reader stands on; they stay valid until the next call.</summary>
    /// <param name="sealedColumn">Column with the sealed values.</param>
    /// <param name="releaseSaltColumn">Column with the salt of a released row; null for a row of its chunk.</param>
    /// <exception cref="DispatchException"><c>piece.unreadable</c>, exit 1.</exception>
    public LetterValues Open(NpgsqlDataReader row, int rowNo, int personId, int sealedColumn, int releaseSaltColumn)
    {
        var length = (int)row.GetBytes(sealedColumn, 0, null, 0, 0);
        if (length > _sealed.Length)
        {
            _sealed = new byte[length * 2];
            _plain = new byte[length * 2];
        }

        row.GetBytes(sealedColumn, 0, _sealed, 0, length);
        try
        {
            var releaseSalt = row.IsDBNull(releaseSaltColumn) ? null : row.GetFieldValue<byte[]>(releaseSaltColumn);
            seals.OpenPiece(job, rowNo, personId, releaseSalt, _sealed.AsSpan(0, length), _plain);
            _values.Load(_plain.AsMemory(0, length - LetterSeal.TagBytes));
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidDataException)
        {
            throw new DispatchException(
                "piece.unreadable",
                $"the stored letter of row {rowNo} of job {job.JobId} does not open; expected it as it was sealed; "
                + "the table dispatch.pieces was changed or restored in part: restore the whole database",
                ExitCode.Failed,
                exception);
        }

        return _values;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_plain);
}
