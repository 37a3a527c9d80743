using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// The effects of one attempt at a chunk, sealed and encoded for COPY; each buffer becomes one COPY of the chunk's
/// transaction.
/// </summary>
sealed class EffectBuffers : IEffectSink, IDisposable
{
    const int LetterBytes = 256;

    readonly int _jobId;
    readonly int _segment;
    readonly int _templateId;
    readonly LetterSeal _seal;

    public EffectBuffers(int jobId, int segment, int templateId, int rows, byte[] salt, JobKey key)
    {
        (_jobId, _segment, _templateId, Salt) = (jobId, segment, templateId, salt);
        _seal = key.ForChunk(salt);
        Letters = new CopyBuffer(rows * LetterBytes);
        Pieces = new CopyBuffer(0);
        Held = new CopyBuffer(0);
        Refused = new CopyBuffer(0);
    }

    /// <summary>Derives the subkey of this attempt; kept with the chunk when the attempt commits.</summary>
    public byte[] Salt { get; }

    public CopyBuffer Letters { get; }

    public CopyBuffer Pieces { get; }

    public CopyBuffer Held { get; }

    public CopyBuffer Refused { get; }

    public void Digital(int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values)
    {
        Letters.StartRow(7);
        Letters.Int32(_segment);
        Letters.Int32(_jobId);
        Letters.Int32(rowNo);
        Letters.Int32(personId);
        Letters.Int16((short)row.Reason);
        Letters.Int32(row.Facts.Packed);
        _seal.Seal(
            _jobId, rowNo, personId, _templateId, SealPurpose.Letter, values,
            Letters.Field(values.Length + LetterSeal.TagBytes));
    }

    public void Paper(
        int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values, PostalAddress address, LetterCheck check)
    {
        Pieces.StartRow(11);
        Pieces.Int32(_jobId);
        Pieces.Int32(rowNo);
        Pieces.Int32(personId);
        Pieces.Int16((short)row.Reason);
        Pieces.Int32(row.Facts.Packed);
        Pieces.Int16((short)address.Zone);
        Pieces.Text(address.Country);
        Pieces.Text(row.Facts.Person.IsProtected ? "" : address.Postcode);
        Pieces.Int16((short)check.Pages);
        Pieces.Int16((short)check.Sheets);
        _seal.Seal(
            _jobId, rowNo, personId, _templateId, SealPurpose.Piece, values,
            Pieces.Field(values.Length + LetterSeal.TagBytes));
    }

    public void Exception(int rowNo, int? personId, in RoutedRow row, ReadOnlySpan<byte> reference, string detail)
    {
        var buffer = row.Channel == Channel.Held ? Held : Refused;
        buffer.StartRow(7);
        buffer.Int32(_jobId);
        buffer.Int32(rowNo);
        if (personId is { } id)
        {
            buffer.Int32(id);
        }
        else
        {
            buffer.Null();
        }

        buffer.Bytes(reference);
        buffer.Int16((short)row.Reason);
        buffer.Bytes(Encoding.UTF8.GetBytes(detail));
        buffer.Int32(row.Facts.Packed);
    }

    public void Dispose()
    {
        _seal.Dispose();
        Letters.Dispose();
        Pieces.Dispose();
        Held.Dispose();
        Refused.Dispose();
    }
}
